;;; journey.el --- What a person does in Emacs -*- lexical-binding: t; -*-

;;; Commentary:

;; JOURNEY names a JSON file that says with which client, and the steps.  Each step waits for what flymake
;; holds.  What goes wrong is written to the file `said', and Emacs ends with 1.

;;; Code:

(require 'flymake)
(require 'json)
(require 'seq)
(require 'subr-x)

(defvar journey
  (let ((json-object-type 'alist) (json-array-type 'list) (json-false nil))
    (json-read-file (getenv "JOURNEY"))))

(defun journey-of (key &optional alist)
  (alist-get key (or alist journey)))

;; -Q leaves the packages of the system out.
(require 'package)
(add-to-list 'package-directory-list "/usr/share/emacs/site-lisp/elpa")
(package-initialize)
(setq make-backup-files nil
      auto-save-default nil
      create-lockfiles nil
      gc-cons-threshold (* 64 1024 1024)
      debug-on-error nil)

(defvar journey-eglot (equal (journey-of 'client) "eglot"))

(defvar journey-said nil "What was shown in the echo area.")

(defun journey-wait (what condition &optional within)
  "Let Emacs read from its processes until CONDITION is true; it is an error to wait in vain for WHAT.
WITHIN is seconds, where they are not the usual ones."
  (let ((until (+ (float-time) (or within (journey-of 'patience)))))
    (while (not (funcall condition))
      (when (> (float-time) until)
        (error "Waited in vain for %s; the editor holds %S and said %S" what (journey-codes) journey-said))
      (accept-process-output nil 0.02))))

(defun journey-codes ()
  "What flymake holds of this buffer: rules, lines and columns from 0, severities."
  (string-join
   (sort
    (mapcar
     (lambda (diagnostic)
       (save-excursion
         (goto-char (flymake-diagnostic-beg diagnostic))
         (format "%s@%d:%d-%d %s"
                 (journey-code diagnostic)
                 (1- (line-number-at-pos))
                 (- (point) (line-beginning-position))
                 (- (flymake-diagnostic-end diagnostic) (line-beginning-position))
                 (string-remove-prefix
                  "eglot-" (string-remove-prefix ":" (symbol-name (flymake-diagnostic-type diagnostic)))))))
     (flymake-diagnostics))
    #'string<)
   ", "))

(defun journey-code (diagnostic)
  "The rule of DIAGNOSTIC; lsp-mode hands flymake its message alone."
  (let ((text (flymake-diagnostic-text diagnostic)))
    (cond ((string-match "\\[\\([a-z]+/[a-z-]+\\)\\]" text) (match-string 1 text))
          (t (let ((known (seq-find (lambda (one) (equal (gethash "message" one) text))
                                    (gethash buffer-file-name (lsp-diagnostics t)))))
               (and known (gethash "code" known)))))))

(defun journey-tell ()
  "Send what was changed: no timer of idleness runs here."
  (when journey-eglot
    (eglot--signal-textDocument/didChange)))

(defun journey-expect (what expected &optional within)
  (journey-tell)
  (journey-wait (format "%s to show %S" what expected) (lambda () (equal (journey-codes) expected)) within))

(defun journey-start ()
  (if journey-eglot
      (apply #'eglot (eglot--guess-contact))
    (setq lsp-auto-guess-root t
          lsp-diagnostics-provider :flymake
          lsp-enable-file-watchers nil
          lsp-auto-execute-action t)
    (lsp))
  (journey-wait "the client" (lambda () (bound-and-true-p flymake-mode)))
  (flymake-start))

(defun journey-actions ()
  (if journey-eglot
      (append (eglot-code-actions (point) (point) "quickfix") nil)
    (append (lsp-code-actions-at-point "quickfix") nil)))

(defun journey-title (action)
  (if journey-eglot (plist-get action :title) (gethash "title" action)))

(defun journey-apply (title)
  "Choose the quick fix with TITLE at point as a person does, from the menu."
  (let* ((action (or (seq-find (lambda (one) (string-match-p (regexp-quote title) (journey-title one)))
                               (journey-actions))
                     (error "No quick fix %s" title)))
         (choose (lambda (&rest _) (journey-title action))))
    (if journey-eglot
        (cl-letf (((symbol-function #'completing-read) choose)
                  (last-nonmenu-event t))
          (eglot-code-actions (point) (point) "quickfix" t))
      (lsp-execute-code-action action))))

(defun journey-hover (expected)
  (let (shown)
    (if journey-eglot
        (progn
          (eglot-hover-eldoc-function (lambda (text &rest _) (setq shown text)))
          (journey-wait "the hover" (lambda () shown)))
      (setq shown (lsp:markup-content-value
                   (lsp:hover-contents (lsp-request "textDocument/hover" (lsp--text-document-position-params))))))
    (unless (string-match-p (regexp-quote expected) shown)
      (error "The hover has no %s: %s" expected shown))))

(defun journey-complete (typed shown rest)
  "After TYPED, take the proposal SHOWN, which is the first one, as completion at point does, and go on with REST."
  (goto-char (point-max))
  (insert typed)
  (journey-tell)
  (let* ((proposed (if journey-eglot (eglot-completion-at-point) (lsp-completion-at-point)))
         (start (nth 0 proposed))
         (end (nth 1 proposed))
         (table (nth 2 proposed))
         (metadata (completion-metadata "" table nil))
         (sort (or (completion-metadata-get metadata 'display-sort-function) #'identity))
         (first (car (funcall sort (all-completions (buffer-substring start end) table)))))
    (unless (equal (substring-no-properties first) shown)
      (error "Proposed first: %s" first))
    (completion--replace start end (copy-sequence first)) ; it takes the properties off
    (funcall (plist-get (nthcdr 3 proposed) :exit-function) first 'finished)
    (insert rest)))

(defun journey-command (function arguments expected said)
  "Call a command of our file; EXPECTED is what the buffer shows then, SAID what the echo area does."
  (setq journey-said nil)
  (apply (intern function) arguments)
  (when said
    (journey-wait (format "%s to say %s" function said) (lambda () (member said journey-said))))
  (journey-expect function expected))

(defun journey-step (step)
  (let-alist step
    (when .line
      (goto-char (point-min))
      (forward-line .line)
      (forward-char .column))
    (cond (.open (find-file .open)
                 (journey-start)
                 (journey-expect "the opened file" .expected .within))
          (.apply (journey-apply .apply)
                  (journey-expect (concat "the fix " .apply) .expected))
          (.insert (goto-char (point-max))
                   (insert .insert)
                   (journey-expect "what was typed" .expected))
          (.complete (journey-complete .complete .shown .rest)
                     (journey-expect "what was completed" .expected))
          (.hover (journey-hover .hover))
          (.command (journey-command .command .arguments .expected .said))
          (.write (save-buffer)
                  (journey-expect "the saved file" .expected)))))

(advice-add 'message :before
            (lambda (form &rest arguments)
              (when form (push (apply #'format-message form arguments) journey-said))))

(let ((said
       (condition-case failure
           (progn
             (load (journey-of 'init))
             (require (if journey-eglot 'eglot 'lsp-mode))
             (mapc #'journey-step (journey-of 'steps))
             "done")
         (error (error-message-string failure)))))
  (write-region said nil (journey-of 'said) nil 'silent)
  (dolist (process (process-list))
    (set-process-query-on-exit-flag process nil))
  (kill-emacs (if (equal said "done") 0 1)))
;;; journey.el ends here
