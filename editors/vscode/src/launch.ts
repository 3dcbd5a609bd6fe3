// Which command is the server: what the settings name, the environment's own, or the one that came along.

import { constants } from "node:fs";
import { access } from "node:fs/promises";
import * as path from "node:path";
import * as vscode from "vscode";
import { findPython } from "./python";

/** A command that speaks as `auto-enforcer` does when it is given arguments. */
export interface Launch {
  command: string;
  /** What stands before the arguments. */
  before: string[];
  /** The folder that it starts in, where it is not told another. */
  folder: string;
  /** For people: where it comes from. */
  origin: string;
}

/** Why there is none, and the setting that helps. */
export interface NoLaunch {
  reason: string;
  setting: string;
}

const PROGRAM = process.platform === "win32" ? path.join("Scripts", "auto-enforcer.exe") : path.join("bin", "auto-enforcer");

/** Folders of a workspace that environments are made in. */
const ENVIRONMENTS = [".venv", "venv"];

export async function findLaunch(context: vscode.ExtensionContext): Promise<Launch | NoLaunch> {
  const settings = vscode.workspace.getConfiguration("autoEnforcer");
  const folder = context.extensionPath;
  const named = settings.get<string>("server.path", "").trim();
  if (named) {
    return (await wrongWith(named)) ?? { command: named, before: [], folder, origin: "the setting `autoEnforcer.server.path`" };
  }
  const ofWorkspace = await inEnvironment();
  if (ofWorkspace !== undefined) {
    return { command: ofWorkspace, before: [], folder, origin: "the workspace's environment" };
  }
  const python = await findPython(settings.get<string>("server.python", "").trim(), folder);
  if ("reason" in python) {
    return { reason: python.reason, setting: "autoEnforcer.server.python" };
  }
  return { command: python.command, before: ["-I", path.join(folder, "bundled")], folder, origin: "the extension" };
}

/** The command in an environment of the workspace. Only where the workspace is trusted: it is a file of its own. */
async function inEnvironment(): Promise<string | undefined> {
  if (!vscode.workspace.isTrusted) {
    return undefined;
  }
  for (const folder of vscode.workspace.workspaceFolders ?? []) {
    for (const environment of folder.uri.scheme === "file" ? ENVIRONMENTS : []) {
      const program = path.join(folder.uri.fsPath, environment, PROGRAM);
      if (await isProgram(program)) {
        return program;
      }
    }
  }
  return undefined;
}

/** What is wrong with a path of the settings. A bare name is looked for on the PATH when it is started. */
async function wrongWith(named: string): Promise<NoLaunch | undefined> {
  const setting = "autoEnforcer.server.path";
  if (named === path.basename(named)) {
    return undefined;
  }
  if (!path.isAbsolute(named)) {
    return { reason: `The setting \`${setting}\` takes a whole path or a bare name, and is \`${named}\`.`, setting };
  }
  if (await isProgram(named)) {
    return undefined;
  }
  return { reason: `The setting \`${setting}\` names \`${named}\`, which is no program: mend it, or empty it.`, setting };
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
