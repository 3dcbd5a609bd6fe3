-- What a person does in the editor: open, read, fix, save. JOURNEY names a JSON file that says with which server and file.
-- Every step waits for what the editor itself holds. What goes wrong is written to the file `said`, and the editor ends with 1.

local journey = vim.json.decode(table.concat(vim.fn.readfile(vim.env.JOURNEY), "\n"))
local patience = journey.patience

local function wait(what, condition)
  if not vim.wait(patience, condition, 5) then
    error("waited in vain for " .. what .. "; the editor holds " .. vim.inspect(vim.diagnostic.get(0)))
  end
end

-- The version that the newest diagnostics are for: what proves that there are none is an event, not time.
local published = -1
local handle = vim.lsp.handlers["textDocument/publishDiagnostics"]
vim.lsp.handlers["textDocument/publishDiagnostics"] = function(err, result, context)
  handle(err, result, context)
  published = result.version or published
end

-- It may ask for them too; the version is then the one that it asked for.
local answered = vim.lsp.handlers["textDocument/diagnostic"]
vim.lsp.handlers["textDocument/diagnostic"] = function(err, result, context)
  answered(err, result, context)
  published = context.version or published
end

local function codes()
  local found = {}
  for _, diagnostic in ipairs(vim.diagnostic.get(0)) do
    table.insert(found, diagnostic.code .. "@" .. diagnostic.lnum .. ":" .. diagnostic.col .. "-" .. diagnostic.end_col)
  end
  table.sort(found)
  return table.concat(found, " ")
end

local function up_to_date(what)
  wait(what, function()
    return published == vim.lsp.util.buf_versions[vim.api.nvim_get_current_buf()]
  end)
end

local function expect(what, expected)
  up_to_date(what)
  if codes() ~= expected then
    error(what .. ": expected " .. vim.inspect(expected) .. ", the editor holds " .. vim.inspect(codes()))
  end
end

local function apply(title)
  local before = vim.api.nvim_buf_get_changedtick(0)
  vim.lsp.buf.code_action({
    apply = true,
    filter = function(action)
      return action.title:find(title, 1, true) ~= nil
    end,
  })
  wait("the quick fix " .. title, function()
    return vim.api.nvim_buf_get_changedtick(0) ~= before
  end)
end

local function go()
  vim.opt.runtimepath:prepend(journey.configuration)
  vim.lsp.config("auto_enforcer", { cmd = journey.command })
  vim.lsp.enable("auto_enforcer")
  vim.cmd.edit(journey.file)
  wait("the first diagnostics", function()
    return #vim.diagnostic.get(0) > 0
  end)
  expect("the opened file", journey.opened)

  for _, step in ipairs(journey.steps) do
    vim.api.nvim_win_set_cursor(0, { step.line + 1, step.column })
    if step.apply then
      apply(step.apply)
      expect("after the fix " .. step.apply, step.expected)
    else
      for index = 1, #step.type do
        vim.api.nvim_feedkeys(vim.keycode((index == 1 and "A" or "a") .. step.type:sub(index, index) .. "<Esc>"), "xt", false)
        expect("after the keystroke " .. index .. " of " .. step.type, step.expected[index])
      end
    end
  end
  vim.cmd.write()
  up_to_date("the saved file")
end

local fine, failure = xpcall(go, debug.traceback)
vim.fn.writefile(vim.split(fine and "done" or failure, "\n"), journey.said)
vim.cmd(fine and "qall!" or "cquit 1")
