-- `:checkhealth auto_enforcer`: whether Neovim is new enough, the command answers, and what it is attached to.

local M = {}

local name = "auto_enforcer"

local install = "install it so that it is on the PATH (`pipx install .` or `uv tool install .` in a checkout), or name it in `cmd`"

-- The command line up to the word that starts the server, which is asked for its version instead.
local function asking(cmd)
  for index, word in ipairs(cmd) do
    if word == "lsp" then
      return vim.list_extend(vim.list_slice(cmd, 1, index - 1), { "--version" })
    end
  end
end

local function command(cmd)
  if type(cmd) ~= "table" then
    vim.health.warn("`cmd` is no list: it is not tried")
    return
  end
  local path = vim.fn.exepath(cmd[1])
  if path == "" then
    vim.health.error(("`%s` is not found"):format(cmd[1]), install)
    return
  end
  vim.health.ok(("`%s` is %s"):format(cmd[1], path))
  local question = asking(cmd)
  if not question then
    vim.health.warn("`cmd` has no `lsp`: its version is not asked for")
    return
  end
  local started, process = pcall(vim.system, question, { text = true, timeout = 10000 })
  local done = started and process:wait() or { code = -1, stderr = process }
  if done.code == 0 then
    vim.health.ok("it answers: " .. vim.trim(done.stdout))
  else
    local said = vim.trim(done.stderr or "")
    vim.health.error(("`%s` ended with %d: %s"):format(table.concat(question, " "), done.code, said), install)
  end
end

local function clients()
  local found = vim.lsp.get_clients({ name = name })
  for _, client in ipairs(found) do
    local buffers = vim.tbl_count(client.attached_buffers)
    local version = client.server_info and client.server_info.version or "of no known version"
    vim.health.ok(
      ("client %d: server %s, positions in %s, %d buffers, workspace %s"):format(
        client.id,
        version,
        client.offset_encoding,
        buffers,
        client.root_dir or "none"
      )
    )
  end
  if #found == 0 then
    vim.health.warn("no client is attached", "open a file; `:lua vim.cmd.edit(vim.lsp.get_log_path())` says why not")
  end
end

function M.check()
  vim.health.start("Auto-Enforcer")
  local version = tostring(vim.version())
  if vim.fn.has("nvim-0.11") == 0 then
    vim.health.error("Neovim " .. version, "0.11 or later is needed")
    return
  end
  vim.health.ok("Neovim " .. version)
  local config = vim.lsp.config[name]
  if not config or not config.cmd then
    vim.health.error(
      "`lsp/auto_enforcer.lua` is not found",
      "copy it to `" .. vim.fn.stdpath("config") .. "/lsp/`"
    )
    return
  end
  if vim.lsp.is_enabled and not vim.lsp.is_enabled(name) then
    vim.health.warn("it is not enabled", 'add `vim.lsp.enable("auto_enforcer")` to init.lua')
  end
  command(config.cmd)
  clients()
end

return M
