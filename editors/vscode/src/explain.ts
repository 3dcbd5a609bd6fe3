// A rule's page at the side, as the command prints it.

import * as vscode from "vscode";
import { SOURCE } from "./counts";
import { run } from "./run";
import type { Server } from "./server";

const SCHEME = "auto-enforcer";
const RULE = /^[a-z][a-z0-9-]*\/[a-z0-9-]+$/;

export class Pages implements vscode.TextDocumentContentProvider {
  /** By rule, as they were last asked for. */
  private readonly texts = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;

  constructor(
    context: vscode.ExtensionContext,
    private readonly server: Server,
  ) {
    context.subscriptions.push(this.changed, vscode.workspace.registerTextDocumentContentProvider(SCHEME, this));
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.path) ?? "";
  }

  /** Show a rule's page: the given one's, that of what the cursor stands in, or that of one a person names. */
  async explain(given?: unknown): Promise<void> {
    const rule = typeof given === "string" ? given : await pickRule();
    const launch = rule === undefined ? undefined : await this.server.launch();
    if (rule === undefined || launch === undefined) {
      return;
    }
    const editor = vscode.window.activeTextEditor?.document.uri;
    const folder = (editor && vscode.workspace.getWorkspaceFolder(editor)) ?? vscode.workspace.workspaceFolders?.[0];
    let text: string;
    try {
      text = await run(launch, ["explain", rule], folder?.uri.fsPath);
    } catch (error) {
      void vscode.window.showErrorMessage(`Auto-Enforcer: ${(error as Error).message}`);
      return;
    }
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${rule}.md` });
    this.texts.set(uri.path, text);
    this.changed.fire(uri);
    await vscode.commands.executeCommand("markdown.showPreviewToSide", uri);
  }
}

async function pickRule(): Promise<string | undefined> {
  const rules = here();
  if (rules.length === 1) {
    return rules[0];
  }
  if (rules.length) {
    return vscode.window.showQuickPick(rules, { placeHolder: "Which rule?" });
  }
  return vscode.window.showInputBox({
    prompt: "A rule's name, such as errors/bare-except",
    validateInput: (text) => (RULE.test(text) ? undefined : "FAMILY/NAME"),
  });
}

/** The rules of what the cursor stands in, else of its line, else of the file. */
function here(): string[] {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) {
    return [];
  }
  const { document, selection } = editor;
  const ours = vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === SOURCE);
  const touched = ours.filter(({ range }) => range.intersection(selection) !== undefined);
  const onLine = ours.filter(({ range }) => range.start.line <= selection.end.line && range.end.line >= selection.start.line);
  const meant = touched.length ? touched : onLine.length ? onLine : ours;
  const rules = meant.map(({ code }) => String(typeof code === "object" ? code.value : code));
  return [...new Set(rules)].filter((rule) => RULE.test(rule));
}
