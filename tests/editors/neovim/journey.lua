-- What a person does in the editor: open, read, fix, save, scan. JOURNEY names a JSON file that says where.
-- Every step waits for what the editor itself holds. What goes wrong is written to the file `said`, and the editor ends with 1.

local journey = vim.json.decode(table.concat(vim.fn.readfile(vim.env.JOURNEY), "\n"))
local patience = journey.patience

local function wait(what, condition, within)
  if not vim.wait(within or patience, condition, 5) then
    error("waited in vain for " .. what .. "; the editor holds " .. vim.inspect(vim.diagnostic.get(0)))
  end
end

-- By URI, the version that the newest diagnostics are for: what proves that there are none is an event, not time.
local published = {}
local handle = vim.lsp.handlers["textDocument/publishDiagnostics"]
vim.lsp.handlers["textDocument/publishDiagnostics"] = function(err, result, context)
  handle(err, result, context)
  published[result.uri] = result.version or published[result.uri]
end

-- It may ask for them too; the version is then the one that it asked for.
local answered = vim.lsp.handlers["textDocument/diagnostic"]
vim.lsp.handlers["textDocument/diagnostic"] = function(err, result, context)
  answered(err, result, context)
  local uri = context.params.textDocument.uri
  published[uri] = context.version or published[uri]
end

-- The kinds of progress that were told.
local progress = {}
vim.api.nvim_create_autocmd("LspProgress", {
  callback = function(event)
    progress[event.data.params.value.kind] = true
  end,
})

local notified = {}
vim.notify = function(text)
  table.insert(notified, text)
end

local function codes(buffer)
  local found = {}
  for _, diagnostic in ipairs(vim.diagnostic.get(buffer)) do
    local place = diagnostic.lnum .. ":" .. diagnostic.col .. "-" .. diagnostic.end_col
    table.insert(found, diagnostic.code .. "@" .. place .. " " .. vim.diagnostic.severity[diagnostic.severity])
  end
  table.sort(found)
  return table.concat(found, ", ")
end

local function up_to_date(what, within)
  wait(what, function()
    return published[vim.uri_from_bufnr(0)] == vim.lsp.util.buf_versions[vim.api.nvim_get_current_buf()]
  end, within)
end

-- What was just opened counts as old until what it is compared with is known: it is waited for.
local function expect(what, expected, within)
  up_to_date(what, within)
  wait(what .. " to show " .. vim.inspect(expected), function()
    return codes(0) == expected
  end, within)
end

local function keys(text)
  vim.api.nvim_feedkeys(vim.keycode(text), "xt", false)
end

local steps = {}

function steps.open(step)
  vim.cmd.edit(step.open)
  if step.answers then
    wait("the server", function()
      local client = vim.lsp.get_clients()[1]
      return client and client.initialized
    end)
  end
  expect("the opened file " .. step.open, step.expected, step.within)
end

function steps.apply(step)
  local before = vim.api.nvim_buf_get_changedtick(0)
  vim.lsp.buf.code_action({
    apply = true,
    filter = function(action)
      return action.title:find(step.apply, 1, true) ~= nil
    end,
  })
  wait("the quick fix " .. step.apply, function()
    return vim.api.nvim_buf_get_changedtick(0) ~= before
  end)
  expect("after the fix " .. step.apply, step.expected)
end

function steps.type(step)
  for index = 1, #step.type do
    keys((index == 1 and "A" or "a") .. step.type:sub(index, index) .. "<Esc>")
    expect("after the keystroke " .. index .. " of " .. step.type, step.expected[index])
  end
end

-- What floats over the text is read as a person would.
function steps.hover(step)
  vim.lsp.buf.hover()
  local window
  wait("the hover", function()
    window = vim.b.lsp_floating_preview
    return window and vim.api.nvim_win_is_valid(window)
  end)
  local text = table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false), "\n")
  vim.api.nvim_win_close(window, true)
  if not text:find(step.hover, 1, true) then
    error("the hover has no " .. step.hover .. ": " .. text)
  end
end

-- Types as far as a proposal is wanted, takes the first that the menu shows, and types on.
function steps.complete(step)
  local shown
  vim.api.nvim_create_autocmd("CompleteChanged", {
    once = true,
    callback = function()
      shown = vim.fn.complete_info({ "items" }).items[1].word
      vim.api.nvim_feedkeys(vim.keycode("<C-y>" .. step.rest .. "<Esc>"), "t", false)
    end,
  })
  vim.fn.timer_start(patience, function()
    if not shown then
      vim.api.nvim_feedkeys(vim.keycode("<Esc>"), "t", false)
    end
  end)
  vim.api.nvim_feedkeys(vim.keycode("A" .. step.complete .. "<C-x><C-o>"), "x!t", false)
  if shown ~= step.shown then
    error("proposed first: " .. vim.inspect(shown))
  end
  expect("after the completion", step.expected)
end

function steps.write(step)
  vim.cmd.write()
  expect("the saved file", step.expected)
end

-- A command of the configuration, and what the buffer holds then.
function steps.command(step)
  vim.cmd(step.command)
  expect("`" .. step.command .. "`", step.expected)
end

function steps.scan(step)
  -- An editor that is kept waiting answers too late to be told of the progress of so short a scan.
  for _ = 1, 20 do
    progress, notified = {}, {}
    vim.cmd("AutoEnforcer scan")
    wait("the end of the scan", function()
      return #notified > 0 and (progress["end"] or not progress.begin)
    end)
    if progress.begin then
      break
    end
  end
  if not progress.begin or notified[1] ~= step.scan then
    error("the scan told " .. vim.inspect(notified) .. " after " .. vim.inspect(progress))
  end
  local closed = vim.uri_to_bufnr(vim.uri_from_fname(step.file))
  if vim.api.nvim_buf_is_loaded(closed) or codes(closed) ~= step.expected then
    error("the editor holds of the closed file: " .. codes(closed))
  end
end

local function go()
  for _, step in ipairs(journey.steps) do
    if step.line then
      vim.api.nvim_win_set_cursor(0, { step.line + 1, step.column })
    end
    for name, take in pairs(steps) do
      if step[name] then
        take(step)
      end
    end
  end
end

local fine, failure = xpcall(go, debug.traceback)
vim.fn.writefile(vim.split(fine and "done" or failure, "\n"), journey.said)
vim.cmd("checkhealth auto_enforcer")
vim.fn.writefile(vim.api.nvim_buf_get_lines(0, 0, -1, false), journey.health)
vim.cmd(fine and "qall!" or "cquit 1")
