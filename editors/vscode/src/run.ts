// Runs the command beside the server: for a report, for a rule's page.

import { execFile } from "node:child_process";
import * as vscode from "vscode";
import type { Launch } from "./launch";

/** Characters of an answer. */
const LARGEST = 256 << 20;

/** What the command prints, whatever it ends with: 1 says that something is blocked, and 2 that something could not
 * be checked, which a report says, too. Rejects with what the command said last where it prints nothing. */
export function run(
  launch: Launch,
  args: string[],
  folder: string | undefined,
  token?: vscode.CancellationToken,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { cwd: folder ?? launch.folder, maxBuffer: LARGEST, windowsHide: true };
    const child = execFile(launch.command, [...launch.before, ...args], options, (error, said, complaints) => {
      if (token?.isCancellationRequested) {
        reject(new vscode.CancellationError());
      } else if (error === null || (typeof error.code === "number" && said !== "")) {
        resolve(said);
      } else {
        reject(new Error(complaints.trim().split("\n").at(-1) || error.message));
      }
    });
    token?.onCancellationRequested(() => child.kill());
  });
}

/** The folder that is meant: the only one, or the one that a person picks. */
export async function pickFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.length > 1 ? vscode.window.showWorkspaceFolderPick() : folders[0];
}
