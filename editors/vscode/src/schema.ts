// The schema of enforcer.toml, for Even Better TOML: that extension takes a whole address only, so it is one of
// the settings, and the schema stands where an update of ours does not move it.

import * as vscode from "vscode";

const PATTERN = ".*[/\\\\]enforcer\\.toml$";
const SECTION = "evenBetterToml";
const KEY = "schema.associations";

function places(context: vscode.ExtensionContext): { ours: vscode.Uri; kept: vscode.Uri } {
  return {
    ours: vscode.Uri.joinPath(context.extensionUri, "bundled", "auto_enforcer", "policy.schema.json"),
    kept: vscode.Uri.joinPath(context.globalStorageUri, "policy.schema.json"),
  };
}

/** Where it is used, bring the schema up to this version. */
export async function refreshSchema(context: vscode.ExtensionContext): Promise<void> {
  const { ours, kept } = places(context);
  if (associations()[PATTERN] === kept.toString()) {
    await vscode.workspace.fs.copy(ours, kept, { overwrite: true });
  }
}

/** Write the association into the user's settings. */
export async function useSchema(context: vscode.ExtensionContext): Promise<void> {
  if (vscode.extensions.getExtension("tamasfe.even-better-toml") === undefined) {
    void vscode.window.showInformationMessage(
      "Auto-Enforcer: Even Better TOML is not installed. enforcer.toml is completed, explained and checked without it.",
    );
    return;
  }
  const { ours, kept } = places(context);
  await vscode.workspace.fs.createDirectory(context.globalStorageUri);
  await vscode.workspace.fs.copy(ours, kept, { overwrite: true });
  const known = { ...associations(), [PATTERN]: kept.toString() };
  await vscode.workspace.getConfiguration(SECTION).update(KEY, known, vscode.ConfigurationTarget.Global);
}

function associations(): Record<string, unknown> {
  const all = vscode.workspace.getConfiguration(SECTION).inspect<Record<string, unknown>>(KEY);
  return all?.globalValue ?? {};
}
