-- Auto-Enforcer for Neovim 0.11 and later. See README.md beside this folder.

local name = "auto_enforcer"

-- Applies what is safe in a buffer at once, so that a write that follows takes it along.
local function fix(client, buffer)
  local params = {
    textDocument = vim.lsp.util.make_text_document_params(buffer),
    range = {
      start = { line = 0, character = 0 },
      ["end"] = { line = vim.api.nvim_buf_line_count(buffer), character = 0 },
    },
    context = { only = { "source.fixAll.auto-enforcer" }, diagnostics = {} },
  }
  local answer = client:request_sync("textDocument/codeAction", params, 2000, buffer)
  for _, action in ipairs(answer and answer.result or {}) do
    vim.lsp.util.apply_workspace_edit(action.edit, client.offset_encoding)
  end
end

local function counted(number, what)
  return ("%d %s%s"):format(number, what, number == 1 and "" or "s")
end

local function told(err, counts)
  if err then
    vim.notify("Auto-Enforcer: " .. err.message, vim.log.levels.ERROR)
  elseif type(counts) == "table" and counts.violations then
    local found, files = counted(counts.violations, "violation"), counted(counts.filesWithViolations, "file")
    vim.notify(("Auto-Enforcer: %s in %s"):format(found, files))
  end
end

-- What `:AutoEnforcer` takes, and the server's command for it.
local commands = {
  scan = "autoEnforcer.scanWorkspace",
  ["fix-workspace"] = "autoEnforcer.fixWorkspace",
  historical = "autoEnforcer.showHistorical",
  pause = "autoEnforcer.pause",
  resume = "autoEnforcer.resume",
}
local words = { "fix", "fix-workspace", "historical", "pause", "resume", "scan" }
local levels = { "lower", "off", "same" }

local function run(client, buffer, word, argument)
  if word == "fix" then
    fix(client, buffer)
  elseif word == "historical" and not vim.list_contains(levels, argument) then
    vim.notify("Auto-Enforcer: historical takes " .. table.concat(levels, ", "), vim.log.levels.ERROR)
  elseif commands[word] then
    local arguments = word == "historical" and { argument } or nil
    client:exec_cmd({ title = word, command = commands[word], arguments = arguments }, { bufnr = buffer }, told)
  else
    vim.notify("Auto-Enforcer: takes " .. table.concat(words, ", "), vim.log.levels.ERROR)
  end
end

local function completed(lead, line)
  return vim.tbl_filter(function(word)
    return vim.startswith(word, lead)
  end, line:match("historical%s") and levels or words)
end

return {
  cmd = { "auto-enforcer", "lsp" },
  -- The folder that holds the repository is the workspace; a single file works as well.
  root_markers = { ".git", "enforcer.toml" },
  -- No `filetypes`: rules for every language look at every file.
  flags = { debounce_text_changes = 0 },
  init_options = { maximumDiagnostics = 500 },
  on_attach = function(client, buffer)
    vim.api.nvim_buf_create_user_command(buffer, "AutoEnforcer", function(given)
      local own = vim.lsp.get_clients({ bufnr = buffer, name = name })[1] or client
      run(own, buffer, given.fargs[1], given.fargs[2])
    end, { nargs = "+", complete = completed, desc = "Auto-Enforcer: " .. table.concat(words, ", ") })
  end,
}
