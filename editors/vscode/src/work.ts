// The server's commands as a person gives them: asked for what they need, shown while they run, told how they end.

import * as vscode from "vscode";
import { ExecuteCommandRequest, type Middleware } from "vscode-languageclient/node";
import type { Server } from "./server";
import type { Status } from "./status";

export const SCAN = "autoEnforcer.scanWorkspace";
export const FIX = "autoEnforcer.fixWorkspace";
export const HISTORICAL = "autoEnforcer.showHistorical";
export const PAGE = "autoEnforcer.openPage";

interface Scanned {
  files: number;
  violations: number;
  filesWithViolations: number;
  unreadable: number;
  cancelled: boolean;
  failed: boolean;
}

interface Fixed {
  applied: boolean;
  cancelled: boolean;
  files: number;
  fixes: number;
  notFixed: number;
}

/** The parts that the middleware speaks to, which stand only once it has been made. */
export interface Parts {
  server: Server;
  status: Status;
  explain(rule: unknown): Promise<void>;
}

/** What shows the progress of a command: of the first work that the server begins after it. */
interface Shown {
  token: number | string | undefined;
  tell(message: string): void;
  close(): void;
}

export function middleware(parts: () => Parts): Middleware {
  let shown: Shown | undefined;

  /** A command that a person sees the progress of, and may cancel, until it is answered or the work has ended: after
   * that the server may still ask something. */
  function long(command: string, args: unknown[], title: string): Promise<unknown> {
    const where = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    return new Promise((resolve, reject) => {
      void vscode.window.withProgress(where, async (progress, token) => {
        let close = () => {};
        const closed = new Promise<void>((ended) => (close = ended));
        const mine: Shown = { token: undefined, tell: (message) => progress.report({ message }), close };
        shown = mine;
        const params = { command, arguments: args };
        const answer = parts().server.running?.sendRequest(ExecuteCommandRequest.type, params, token);
        const told = Promise.resolve(answer).then(resolve, (error: unknown) =>
          token.isCancellationRequested ? resolve(undefined) : reject(error),
        );
        await Promise.race([closed, told]);
        shown = shown === mine ? undefined : shown;
      });
    });
  }

  return {
    executeCommand: async (command, args, next) => {
      switch (command) {
        case SCAN: {
          const answer = await long(command, args, "Auto-Enforcer scans the workspace");
          void tellScanned(answer as Scanned | undefined);
          return answer;
        }
        case FIX: {
          const answer = await long(command, args, "Auto-Enforcer looks for what is safe to fix");
          tellFixed(answer as Fixed | undefined);
          return answer;
        }
        case PAGE:
          return parts().explain(args[0]);
        case HISTORICAL: {
          const chosen = args.length ? { how: args[0] as string | null } : await pickHistorical();
          return chosen === undefined ? undefined : next(command, [chosen.how]);
        }
        default:
          return next(command, args);
      }
    },
    // What a person has asked for is shown where it can be cancelled, all else by the client's own.
    handleWorkDoneProgress: (token, params, next) => {
      parts().status.progress(token, params.kind);
      if (shown !== undefined && params.kind === "begin") {
        shown.token ??= token;
      }
      const mine = shown?.token === token ? shown : undefined;
      if (params.kind === "end") {
        mine?.close();
        next(token, params);
      } else if (mine === undefined) {
        next(token, params);
      } else if (params.message !== undefined) {
        mine.tell(params.message);
      }
    },
  };
}

async function pickHistorical(): Promise<{ how: string | null } | undefined> {
  const choices = [
    { label: "As settings and policy say", how: null },
    { label: "Off", description: "not at all", how: "off" },
    { label: "On", description: "as new ones", how: "same" },
    { label: "On, lower", description: "one level lower than new ones", how: "lower" },
  ];
  return vscode.window.showQuickPick(choices, { placeHolder: "Historical violations, until the server ends" });
}

async function tellScanned(answer: Scanned | undefined): Promise<void> {
  if (answer === undefined || answer.cancelled) {
    return;
  }
  if (answer.failed) {
    void vscode.window.showErrorMessage("Auto-Enforcer: the scan failed. The log says why.");
    return;
  }
  const unread = answer.unreadable ? `; ${count(answer.unreadable, "file")} could not be read` : "";
  const list = "Show Problems";
  const chosen = await vscode.window.showInformationMessage(
    `Auto-Enforcer: ${count(answer.violations, "violation")} in ${answer.filesWithViolations} of ` +
      `${count(answer.files, "file")}${unread}.`,
    ...(answer.violations ? [list] : []),
  );
  if (chosen === list) {
    await vscode.commands.executeCommand("workbench.actions.view.problems");
  }
}

function tellFixed(answer: Fixed | undefined): void {
  if (answer === undefined || answer.cancelled) {
    return;
  }
  const left = answer.notFixed ? `; ${answer.notFixed} more are left for the next time` : "";
  void vscode.window.showInformationMessage(
    answer.fixes === 0
      ? "Auto-Enforcer: there is nothing that is safe to fix."
      : answer.applied
        ? `Auto-Enforcer: fixed ${count(answer.fixes, "violation")} in ${count(answer.files, "file")}${left}.`
        : "Auto-Enforcer: nothing was changed.",
  );
}

function count(number: number, one: string): string {
  return `${number} ${number === 1 ? one : `${one}s`}`;
}
