// The item of the status bar: what is new in this file and in the workspace, and whether a scan is under way.

import * as vscode from "vscode";
import { inOpen, Shown, sum, type Counts, type Session } from "./counts";
import type { Phase, Server } from "./server";

const PROBLEMS = "workbench.actions.view.problems";

export class Status {
  private readonly item = vscode.window.createStatusBarItem("autoEnforcer.status", vscode.StatusBarAlignment.Left, 49);
  private readonly shown = new Shown();
  /** What the server has begun and not ended, by its tokens. */
  private readonly under = new Set<number | string>();
  private phase: Phase = "starting";
  private sessions: Session[] = [];

  constructor(context: vscode.ExtensionContext, server: Server) {
    this.item.name = "Auto-Enforcer";
    context.subscriptions.push(
      this.item,
      server.onPhase((phase) => {
        this.phase = phase;
        if (phase !== "running") {
          this.sessions = [];
          this.under.clear();
        }
        this.show();
      }),
      server.onStatus((params) => {
        this.sessions = (params as { sessions: Session[] }).sessions;
        this.show();
      }),
      vscode.window.onDidChangeActiveTextEditor(() => this.show()),
      vscode.languages.onDidChangeDiagnostics(({ uris }) => {
        this.shown.look(uris);
        this.show();
      }),
    );
    this.show();
    this.item.show();
  }

  /** Mark that the server is at work until it says that this has ended. */
  progress(token: number | string, kind: "begin" | "report" | "end"): void {
    if (kind === "end") {
      this.under.delete(token);
    } else {
      this.under.add(token);
    }
    this.show();
  }

  private show(): void {
    if (this.phase === "running") {
      this.showCounts();
    } else {
      this.showPhase(this.phase === "starting");
    }
  }

  private showPhase(starts: boolean): void {
    this.item.text = starts ? "$(sync~spin) Auto-Enforcer" : "$(warning) Auto-Enforcer";
    this.item.tooltip = starts ? "The server is starting." : "The server does not run. Click to start it.";
    this.item.command = starts ? "autoEnforcer.showLog" : "autoEnforcer.restart";
    this.item.backgroundColor = starts ? undefined : new vscode.ThemeColor("statusBarItem.warningBackground");
    this.item.accessibilityInformation = undefined;
  }

  private showCounts(): void {
    const active = vscode.window.activeTextEditor?.document.uri;
    const file = active && this.shown.of(active);
    const all = sum([inOpen(this.sessions), this.shown.inClosed()]);
    const paused = this.sessions.some((session) => session.paused);
    const mark = this.under.size ? "$(sync~spin)" : paused ? "$(debug-pause)" : "$(shield)";
    this.item.text = `${mark} $(error) ${pair(file?.blocked, all.blocked)} $(warning) ${pair(file?.warnings, all.warnings)}`;
    this.item.tooltip = this.tooltip(file, all, paused);
    this.item.accessibilityInformation = {
      label: `Auto-Enforcer: ${all.blocked} blocked, ${all.warnings} warnings that are new`,
    };
    this.item.command = paused ? "autoEnforcer.resume" : PROBLEMS;
    this.item.backgroundColor = undefined;
  }

  private tooltip(file: Counts | undefined, all: Counts, paused: boolean): vscode.MarkdownString {
    const rows = ["| new violations | blocked | warnings |", "|---|--:|--:|"];
    if (file !== undefined) {
      rows.push(`| this file | ${file.blocked} | ${file.warnings} |`);
    }
    rows.push(`| all open and scanned files | ${all.blocked} | ${all.warnings} |`);
    const remarks = remarksOn(this.sessions);
    remarks.push(paused ? "Paused: click to resume." : "Click for the list.");
    return new vscode.MarkdownString(`**Auto-Enforcer**\n\n${rows.join("\n")}\n\n${remarks.join("  \n")}`);
  }
}

/** "1/3": of this file, and of all. Without a file, or where they are the same, one number. The file's is known
 * a moment before that of all. */
function pair(file: number | undefined, all: number): string {
  return file === undefined ? `${all}` : file >= all ? `${file}` : `${file}/${all}`;
}

/** Sentences on what is not counted as new, and on what could not be looked at. */
function remarksOn(sessions: readonly Session[]): string[] {
  const total = (of: (session: Session) => number) => sessions.reduce((before, one) => before + of(one), 0);
  const old = total(({ counts }) => counts.blocked.historical + counts.warning.historical);
  const observed = total((session) => session.observed);
  const unknown = total(({ couldNotRun }) => couldNotRun.documents);
  const mistakes = total(({ couldNotRun }) => couldNotRun.policyMistakes);
  const failed = [...new Set(sessions.flatMap(({ couldNotRun }) => couldNotRun.rules))];
  const remarks = [];
  if (old) {
    remarks.push(`${old} historical.`);
  }
  if (observed) {
    remarks.push(`${observed} of rules that are only observed.`);
  }
  if (unknown) {
    remarks.push(`Could not be checked: ${unknown} ${unknown === 1 ? "document" : "documents"}.`);
  }
  if (failed.length) {
    remarks.push(`Could not run: ${failed.map((rule) => `\`${rule}\``).join(", ")}.`);
  }
  if (mistakes) {
    remarks.push(`Mistakes in \`enforcer.toml\`: ${mistakes}.`);
  }
  return remarks;
}
