;;; auto-enforcer.el --- Auto-Enforcer for eglot and lsp-mode -*- lexical-binding: t; -*-

;; Package-Requires: ((emacs "28.1"))
;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; Load this file, and `M-x eglot' or `M-x lsp' in a buffer.  README.md beside it says more.

;;; Code:

(require 'seq)

(defvar eglot-server-programs)
(declare-function eglot-current-server "eglot")
(declare-function eglot-code-actions "eglot")
(declare-function jsonrpc-async-request "jsonrpc")
(declare-function make-lsp-client "lsp-mode")
(declare-function lsp-register-client "lsp-mode")
(declare-function lsp-stdio-connection "lsp-mode")
(declare-function lsp-find-workspace "lsp-mode")
(declare-function lsp-request-async "lsp-mode")
(declare-function lsp-execute-code-action-by-kind "lsp-mode")
(defvar lsp--cur-workspace)
(defvar lsp--buffer-workspaces)

(defgroup auto-enforcer nil
  "A policy that holds while people type."
  :group 'tools)

(defcustom auto-enforcer-command '("auto-enforcer" "lsp")
  "The program that serves, and its arguments."
  :type '(repeat string))

(defcustom auto-enforcer-eglot-modes '(prog-mode text-mode conf-mode)
  "Major modes, and those derived from them, that eglot starts the server for.
Eglot has one server a buffer: where it is this one, it is no other."
  :type '(repeat symbol))

(defconst auto-enforcer--fix-all "source.fixAll.auto-enforcer"
  "The kind of the action that does all that is safe in a file.")

(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs (cons auto-enforcer-eglot-modes auto-enforcer-command)))

(with-eval-after-load 'lsp-mode
  (lsp-register-client
   (make-lsp-client
    :new-connection (lsp-stdio-connection (lambda () auto-enforcer-command))
    :activation-fn (lambda (&rest _) t)
    :add-on? t
    ;; Its columns are code points, which lsp-mode 8 does not tell a server.
    :custom-capabilities '((general . ((positionEncodings . ["utf-32"]))))
    :multi-root t
    ;; Suppressions are comments.
    :completion-in-comments? t
    :priority -1
    :server-id 'auto-enforcer)))

(defun auto-enforcer--eglot-p ()
  "Whether eglot manages this buffer."
  (and (fboundp 'eglot-current-server) (eglot-current-server)))

(defun auto-enforcer--told (counts)
  "Say what a command was answered with: COUNTS, a property list or a hash table."
  (let ((found (auto-enforcer--of counts "violations"))
        (files (auto-enforcer--of counts "filesWithViolations")))
    (when found
      (message "Auto-Enforcer: %d violation%s in %d file%s"
               found (if (= found 1) "" "s") files (if (= files 1) "" "s")))))

(defun auto-enforcer--of (counts key)
  "The value of KEY in COUNTS, however the client keeps what it was sent."
  (cond ((hash-table-p counts) (gethash key counts))
        ((consp counts) (plist-get counts (intern (concat ":" key))))))

(defun auto-enforcer--execute (command &rest arguments)
  "Ask the server for COMMAND with ARGUMENTS, and go on without waiting."
  (let ((params (list :command command :arguments (vconcat arguments))))
    (if (auto-enforcer--eglot-p)
        (jsonrpc-async-request (eglot-current-server) :workspace/executeCommand params
                               :success-fn #'auto-enforcer--told
                               :timeout nil)
      (let ((workspace (or (lsp-find-workspace 'auto-enforcer nil)
                           (user-error "Auto-Enforcer does not serve this buffer"))))
        (let ((lsp--cur-workspace workspace)
              (lsp--buffer-workspaces (list workspace)))
          (lsp-request-async "workspace/executeCommand" params #'auto-enforcer--told :mode 'detached))))))

;;;###autoload
(defun auto-enforcer-scan ()
  "Look through the whole workspace."
  (interactive)
  (auto-enforcer--execute "autoEnforcer.scanWorkspace"))

;;;###autoload
(defun auto-enforcer-fix ()
  "Make all fixes of this file that are safe.
In `before-save-hook' it does so each time a file is saved."
  (interactive)
  (cond ((auto-enforcer--eglot-p)
         (let ((actions (eglot-code-actions (point-min) (point-max) auto-enforcer--fix-all)))
           (when (> (length actions) 0)
             (eglot-code-actions (point-min) (point-max) auto-enforcer--fix-all t))))
        ((bound-and-true-p lsp-mode)
         (condition-case nil
             (lsp-execute-code-action-by-kind auto-enforcer--fix-all)
           (lsp-no-code-actions nil)))))

;;;###autoload
(defun auto-enforcer-fix-workspace ()
  "Make all fixes of the workspace that are safe."
  (interactive)
  (auto-enforcer--execute "autoEnforcer.fixWorkspace"))

;;;###autoload
(defun auto-enforcer-historical (level)
  "Show old violations as LEVEL says: `lower', `same' or `off'."
  (interactive (list (completing-read "Old violations: " '("lower" "same" "off") nil t)))
  (auto-enforcer--execute "autoEnforcer.showHistorical" level))

(provide 'auto-enforcer)
;;; auto-enforcer.el ends here
