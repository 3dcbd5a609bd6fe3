" What a person does in Vim: open, see, fix, save. $JOURNEY names a JSON file that says where.
" Each step waits for what the editor itself lists. What goes wrong is written to the file `said`, and Vim ends with 1.

let s:journey = json_decode(join(readfile($JOURNEY), "\n"))

function! s:Shown(items) abort
  let l:shown = []
  for l:item in a:items
    let l:text = matchstr(l:item.text, '[a-z]\+/[a-z-]\+')
    let l:file = empty(get(l:item, 'module', '')) ? fnamemodify(bufname(l:item.bufnr), ':t') . ':' : ''
    call add(l:shown, printf('%s%d:%d %s %s', l:file, l:item.lnum, l:item.col, l:item.type, l:text))
  endfor
  return join(sort(l:shown), ', ')
endfunction

function! s:Listed() abort
  return s:Shown(getloclist(0))
endfunction

function! s:Wait(what, Condition) abort
  let l:until = reltimefloat(reltime()) + s:journey.patience
  while !a:Condition()
    if reltimefloat(reltime()) > l:until
      throw printf('waited in vain for %s; the editor lists %s', a:what, s:Listed())
    endif
    sleep 20m
  endwhile
endfunction

" No event of an idle editor comes here: it is told that the text has changed.
function! s:Expect(what, expected) abort
  call ale#Queue(0)
  call s:Wait(a:what . ' to show "' . a:expected . '"', {-> s:Listed() is# a:expected})
  let l:signs = len(sign_getplaced(bufnr(''), {'group': '*'})[0].signs)
  if l:signs != (empty(a:expected) ? 0 : len(split(a:expected, ', ')))
    throw printf('%d signs beside %s', l:signs, a:what)
  endif
endfunction

function! s:Open(step) abort
  execute 'edit' fnameescape(a:step.open)
  call s:Expect('the opened file', a:step.expected)
endfunction

let s:titles = []

function! s:Pick(title, data, items) abort
  let s:titles = map(copy(a:items), 'v:val[1].title')
  for [l:kind, l:item] in a:items
    if stridx(l:item.title, a:title) >= 0
      call ale#codefix#ApplyLSPCodeAction(a:data, l:item)
      return
    endif
  endfor
endfunction

function! s:Apply(step) abort
  let l:before = b:changedtick
  call ale#codefix#Execute(0, function('s:Pick', [a:step.apply]))
  call s:Wait('the fix ' . a:step.apply, {-> b:changedtick != l:before})
  call s:Expect('the fix ' . a:step.apply, a:step.expected)
endfunction

function! s:Insert(step) abort
  call append('$', a:step.insert)
  call s:Expect('what was typed', a:step.expected)
endfunction

function! s:Hover(step) abort
  let g:ale_hover_to_preview = 1
  ALEHover
  call s:Wait('the hover', {-> winnr('$') > 1})
  wincmd P
  let l:text = join(getline(1, '$'), "\n")
  pclose
  if stridx(l:text, a:step.hover) < 0
    throw 'the hover has no ' . a:step.hover . ': ' . l:text
  endif
endfunction

function! s:Write(step) abort
  write
  call s:Expect('the saved file', a:step.expected)
endfunction

function! s:Command(step) abort
  execute a:step.command
  call s:Expect(a:step.command, a:step.expected)
endfunction

function! s:Check(step) abort
  AutoEnforcerCheck
  if s:Shown(getqflist()) isnot# a:step.check
    throw 'the quickfix list has ' . s:Shown(getqflist())
  endif
endfunction

let s:takes = {
\ 'open': function('s:Open'),
\ 'apply': function('s:Apply'),
\ 'insert': function('s:Insert'),
\ 'hover': function('s:Hover'),
\ 'write': function('s:Write'),
\ 'command': function('s:Command'),
\ 'check': function('s:Check'),
\}

try
  for s:step in s:journey.steps
    if has_key(s:step, 'line')
      call cursor(s:step.line, s:step.column)
    endif
    for [s:name, s:Take] in items(s:takes)
      if has_key(s:step, s:name)
        call s:Take(s:step)
      endif
    endfor
  endfor
  let s:said = 'done'
catch
  let s:said = v:exception . ' at ' . v:throwpoint . ' ' . join(s:titles, '; ')
endtry
call writefile(split(s:said, "\n"), s:journey.said)
if s:said is# 'done'
  qall!
endif
cquit 1
