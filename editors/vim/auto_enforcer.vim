" Auto-Enforcer for Vim with ALE 3.3 and later. See README.md beside this file.

if exists('g:loaded_auto_enforcer')
  finish
endif
let g:loaded_auto_enforcer = 1

" The program that serves, and its arguments, for a shell.
let g:auto_enforcer_executable = get(g:, 'auto_enforcer_executable', 'auto-enforcer')
let g:auto_enforcer_arguments = get(g:, 'auto_enforcer_arguments', 'lsp')

let s:name = 'auto_enforcer'
let s:levels = ['lower', 'off', 'same']

" The folder that holds the repository is the workspace; without one, the file's own folder.
function! s:Root(buffer) abort
  let l:path = expand('#' . a:buffer . ':p:h')
  for l:found in [finddir('.git', l:path . ';'), findfile('.git', l:path . ';'), findfile('enforcer.toml', l:path . ';')]
    if !empty(l:found)
      return fnamemodify(substitute(fnamemodify(l:found, ':p'), '/$', '', ''), ':h')
    endif
  endfor
  return l:path
endfunction

function! s:Executable(buffer) abort
  return g:auto_enforcer_executable
endfunction

function! s:Command(buffer) abort
  return '%e ' . g:auto_enforcer_arguments
endfunction

" Rules for every language look at every file: each type of file gets the server when it is first met.
function! s:Define(filetype) abort
  if !exists('*ale#linter#Define')
    silent! runtime autoload/ale/linter.vim
  endif
  if !exists('*ale#linter#Define')
    return
  endif
  for l:part in split(a:filetype, '\.')
    let l:before = map(ale#linter#Get(l:part), 'v:val.name')
    if index(l:before, s:name) >= 0
      continue
    endif
    for l:type in ale#linter#ResolveFiletype(l:part)
      call ale#linter#Define(l:type, {
      \   'name': s:name,
      \   'lsp': 'stdio',
      \   'executable': function('s:Executable'),
      \   'command': function('s:Command'),
      \   'project_root': function('s:Root'),
      \   'initialization_options': {'positionEncoding': 'utf-8'},
      \})
    endfor
    " ALE asks only some linters for some types; this one is added to them.
    if index(map(ale#linter#Get(l:part), 'v:val.name'), s:name) < 0 && type(get(b:, 'ale_linters', {})) is v:t_dict
      let g:ale_linters = get(g:, 'ale_linters', {})
      let g:ale_linters[l:part] = l:before + [s:name]
    endif
  endfor
endfunction

function! s:Told(response) abort
  let l:result = get(a:response, 'result', v:null)
  if type(get(a:response, 'error', 0)) is v:t_dict
    echomsg 'Auto-Enforcer: ' . a:response.error.message
  elseif type(l:result) is v:t_dict && has_key(l:result, 'violations')
    echomsg printf('Auto-Enforcer: violations: %d, in files: %d', l:result.violations, l:result.filesWithViolations)
  endif
endfunction

function! s:Execute(command, arguments) abort
  let l:message = ale#lsp#message#ExecuteCommand('autoEnforcer.' . a:command, a:arguments)
  call ale#lsp_linter#SendRequest(bufnr(''), s:name, l:message, function('s:Told'))
endfunction

function! s:Levels(lead, line, cursor) abort
  return filter(copy(s:levels), 'stridx(v:val, a:lead) is 0')
endfunction

" How old violations are shown: one level lower, as new ones, not at all.
command! -nargs=1 -complete=customlist,s:Levels AutoEnforcerHistorical call s:Execute('showHistorical', [<q-args>])
command! -bar AutoEnforcerPause call s:Execute('pause', [])
command! -bar AutoEnforcerResume call s:Execute('resume', [])

" Looks through the whole workspace, and lists what is found in the quickfix window.
function! s:Check() abort
  let l:root = s:Root(bufnr(''))
  let l:command = shellescape(g:auto_enforcer_executable) . ' '
  let l:command .= substitute(g:auto_enforcer_arguments, '\<lsp\>', 'check', '')
  let l:lines = systemlist('cd ' . shellescape(l:root) . ' && ' . l:command)
  let l:items = []
  for l:line in l:lines
    let l:found = matchlist(l:line, '^\(.\{-1,}\):\(\d\+\):\(\d\+\): \(blocked\|warning\) \(.*\)$')
    if !empty(l:found)
      let l:type = l:found[4] is# 'blocked' ? 'E' : 'W'
      call add(l:items, {
      \   'filename': l:root . '/' . l:found[1],
      \   'lnum': str2nr(l:found[2]),
      \   'col': str2nr(l:found[3]),
      \   'type': l:type,
      \   'text': l:found[5],
      \})
    endif
  endfor
  call setqflist([], ' ', {'title': 'Auto-Enforcer', 'items': l:items})
  echomsg 'Auto-Enforcer: violations: ' . len(l:items)
endfunction

command! -bar AutoEnforcerCheck call s:Check()

augroup AutoEnforcer
  autocmd!
  autocmd FileType * call s:Define(expand('<amatch>'))
augroup END
