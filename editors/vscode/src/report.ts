// The report of a folder: the HTML page that `check` makes, in a panel.

import * as vscode from "vscode";
import { pickFolder, run } from "./run";
import type { Server } from "./server";

export async function openReport(server: Server): Promise<void> {
  const folder = await pickFolder();
  if (folder === undefined) {
    void vscode.window.showInformationMessage("Auto-Enforcer: open a folder first: a report is of one.");
    return;
  }
  const launch = await server.launch();
  if (launch === undefined) {
    return;
  }
  const title = `Checking ${folder.name}`;
  const where = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  let page: string;
  try {
    page = await vscode.window.withProgress(where, (_, token) =>
      run(launch, ["check", "--format", "html"], folder.uri.fsPath, token),
    );
  } catch (error) {
    if (!(error instanceof vscode.CancellationError)) {
      void vscode.window.showErrorMessage(`Auto-Enforcer: no report: ${(error as Error).message}`);
    }
    return;
  }
  // The page says itself what it may do: its own script and style, by their hashes, and no network.
  const options = { enableScripts: true, enableFindWidget: true, localResourceRoots: [] };
  const panel = vscode.window.createWebviewPanel("autoEnforcer.report", `Report: ${folder.name}`, vscode.ViewColumn.Active, options);
  panel.webview.html = page;
}
