//! Starts `auto-enforcer lsp` from the PATH for every file.

use anyhow::Result;
use lapce_plugin::psp_types::lsp_types::{request::Initialize, DocumentFilter, InitializeParams, Url};
use lapce_plugin::psp_types::Request;
use lapce_plugin::{register_plugin, LapcePlugin, PLUGIN_RPC};
use serde_json::Value;

const COMMAND: &str = "urn:auto-enforcer";
const ARGUMENTS: [&str; 1] = ["lsp"];

#[derive(Default)]
struct AutoEnforcer;

register_plugin!(AutoEnforcer);

fn start(params: Value) -> Result<()> {
    let params: InitializeParams = serde_json::from_value(params)?;
    let every_file = DocumentFilter {
        language: None,
        scheme: None,
        pattern: Some("**".to_string()),
    };
    PLUGIN_RPC.start_lsp(
        Url::parse(COMMAND)?,
        ARGUMENTS.map(String::from).to_vec(),
        vec![every_file],
        params.initialization_options,
    );
    Ok(())
}

impl LapcePlugin for AutoEnforcer {
    fn handle_request(&mut self, _id: u64, method: String, params: Value) {
        if method == Initialize::METHOD {
            if let Err(error) = start(params) {
                PLUGIN_RPC.stderr(&format!("auto-enforcer: {error}"));
            }
        }
    }
}
