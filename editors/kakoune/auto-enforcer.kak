# Auto-Enforcer for Kakoune with kakoune-lsp 18 and later: load it from kakrc after `eval %sh{kak-lsp}`.
# It is added to the servers that a type of file has by default.

hook -group lsp-filetype-auto-enforcer global User LSPDefaultConfig=.* %{
    set-option -add buffer lsp_servers %{
        [auto-enforcer]
        args = ["lsp"]
        root_globs = [".git", "enforcer.toml"]
    }
}
