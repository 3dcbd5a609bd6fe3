-- Auto-Enforcer for Neovim 0.11 and later. See README.md beside this folder.
return {
  cmd = { "auto-enforcer", "lsp" },
  -- The folder that holds the repository is the workspace; a single file works as well.
  root_markers = { ".git", "enforcer.toml" },
  -- No `filetypes`: rules for every language look at every file.
  flags = { debounce_text_changes = 0 },
  init_options = { maximumDiagnostics = 500 },
}
