//! Starts `auto-enforcer lsp` from the PATH, or what the settings name.

use zed_extension_api::{self as zed, settings::LspSettings, Command, LanguageServerId, Result, Worktree};

const ARGUMENTS: [&str; 1] = ["lsp"];

struct AutoEnforcer;

impl zed::Extension for AutoEnforcer {
    fn new() -> Self {
        Self
    }

    fn language_server_command(&mut self, server: &LanguageServerId, worktree: &Worktree) -> Result<Command> {
        let binary = LspSettings::for_worktree(server.as_ref(), worktree)
            .ok()
            .and_then(|settings| settings.binary);
        let (path, arguments) = match binary {
            Some(binary) => (binary.path, binary.arguments),
            None => (None, None),
        };
        let command = path.or_else(|| worktree.which("auto-enforcer")).ok_or(
            "`auto-enforcer` is not on the PATH: install it, or name it in `lsp.auto-enforcer.binary.path`",
        )?;
        let args = arguments.unwrap_or_else(|| ARGUMENTS.map(String::from).to_vec());
        Ok(Command {
            command,
            args,
            env: worktree.shell_env(),
        })
    }
}

zed::register_extension!(AutoEnforcer);
