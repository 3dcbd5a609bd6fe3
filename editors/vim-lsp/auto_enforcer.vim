" Auto-Enforcer for Vim and Neovim with vim-lsp: copy it to ~/.vim/plugin/.

function! s:Root(server) abort
  for l:name in ['.git/', '.git', 'enforcer.toml']
    let l:found = lsp#utils#find_nearest_parent_file_directory(lsp#utils#get_buffer_path(), l:name)
    if !empty(l:found)
      return lsp#utils#path_to_uri(l:found)
    endif
  endfor
  return lsp#utils#get_default_root_uri()
endfunction

augroup AutoEnforcer
  autocmd!
  autocmd User lsp_setup call lsp#register_server({
  \   'name': 'auto-enforcer',
  \   'cmd': ['auto-enforcer', 'lsp'],
  \   'allowlist': ['*'],
  \   'root_uri': function('s:Root'),
  \ })
augroup END
