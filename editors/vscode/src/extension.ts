// What begins when VS Code starts the extension, and ends with it.

import * as vscode from "vscode";
import { allowHere } from "./allow";
import { Pages } from "./explain";
import { openReport } from "./report";
import { refreshSchema, useSchema } from "./schema";
import { Server } from "./server";
import { Status } from "./status";
import { middleware, type Parts } from "./work";

/** Settings that a running server cannot take over. */
const NEED_RESTART = ["autoEnforcer.server", "autoEnforcer.scan"];

let parts: Parts | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel("Auto-Enforcer", { log: true });
  const server = new Server(
    context,
    log,
    middleware(() => parts as Parts),
  );
  const status = new Status(context, server);
  const pages = new Pages(context, server);
  parts = { server, status, explain: (rule) => pages.explain(rule) };
  const commands: Record<string, (...args: unknown[]) => unknown> = {
    "autoEnforcer.allowHere": allowHere,
    "autoEnforcer.explainRule": (rule) => pages.explain(rule),
    "autoEnforcer.fixFile": () =>
      vscode.commands.executeCommand("editor.action.codeAction", { kind: "source.fixAll.auto-enforcer", apply: "first" }),
    "autoEnforcer.openReport": () => openReport(server),
    "autoEnforcer.restart": () => server.restart(),
    "autoEnforcer.showLog": () => log.show(true),
    "autoEnforcer.useSchema": () => useSchema(context),
  };
  context.subscriptions.push(
    log,
    ...Object.entries(commands).map(([name, command]) => vscode.commands.registerCommand(name, command)),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (NEED_RESTART.some((section) => event.affectsConfiguration(section))) {
        void server.restart();
      }
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => server.restart()),
  );
  void refreshSchema(context).then(undefined, (error: unknown) => log.warn(`the schema was not renewed: ${String(error)}`));
  await server.restart();
}

export async function deactivate(): Promise<void> {
  await parts?.server.stop();
}
