// "Allow here": the server's own action for what the cursor stands in, without the way through the light bulb.

import * as vscode from "vscode";

const ALLOWS = /^Allow `.*` here/;

export async function allowHere(): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) {
    return;
  }
  const { document, selection } = editor;
  const line = document.lineAt(selection.active.line).range;
  const actions = (
    await vscode.commands.executeCommand<vscode.CodeAction[]>(
      "vscode.executeCodeActionProvider",
      document.uri,
      line,
      vscode.CodeActionKind.QuickFix.value,
    )
  ).filter(({ title, edit }) => edit !== undefined && ALLOWS.test(title));
  const labels = [...new Set(actions.map(({ title }) => title))];
  const chosen = labels.length > 1 ? await vscode.window.showQuickPick(labels) : labels[0];
  const edit = actions.find(({ title }) => title === chosen)?.edit;
  if (edit !== undefined) {
    await vscode.workspace.applyEdit(edit);
  } else if (labels.length === 0) {
    void vscode.window.showInformationMessage("Auto-Enforcer: nothing on this line can be allowed.");
  }
}
