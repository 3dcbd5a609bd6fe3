// The item of the status bar: what is new in this file and in all open ones, and whether something is under way.

import * as vscode from "vscode";
import type { Phase, Server } from "./server";

/** `autoEnforcer/status`, as far as it is shown; ../../README.md has it whole. */
interface Session {
  paused: boolean;
  documents: number;
  counts: Record<"blocked" | "warning", { new: number; historical: number }>;
  observed: number;
  couldNotRun: { rules: string[]; documents: number; policyMistakes: number };
}

interface Counts {
  blocked: number;
  warnings: number;
}

const SOURCE = "auto-enforcer";
const PROBLEMS = "workbench.actions.view.problems";

export class Status {
  private readonly item = vscode.window.createStatusBarItem("autoEnforcer.status", vscode.StatusBarAlignment.Left, 49);
  private phase: Phase = "starting";
  private sessions: Session[] = [];
  private under = 0;

  constructor(context: vscode.ExtensionContext, server: Server) {
    this.item.name = "Auto-Enforcer";
    context.subscriptions.push(
      this.item,
      server.onPhase((phase) => {
        this.phase = phase;
        this.sessions = phase === "running" ? this.sessions : [];
        this.show();
      }),
      server.onStatus((params) => {
        this.sessions = (params as { sessions: Session[] }).sessions;
        this.show();
      }),
      vscode.window.onDidChangeActiveTextEditor(() => this.show()),
      vscode.languages.onDidChangeDiagnostics(({ uris }) => {
        const active = vscode.window.activeTextEditor?.document.uri.toString();
        if (uris.some((uri) => uri.toString() === active)) {
          this.show();
        }
      }),
    );
    this.show();
    this.item.show();
  }

  /** Mark that something is under way until it has ended. */
  async during<T>(work: Thenable<T>): Promise<T> {
    this.under += 1;
    this.show();
    try {
      return await work;
    } finally {
      this.under -= 1;
      this.show();
    }
  }

  private show(): void {
    if (this.phase !== "running") {
      const starts = this.phase === "starting";
      this.item.text = starts ? "$(sync~spin) Auto-Enforcer" : "$(warning) Auto-Enforcer";
      this.item.tooltip = starts ? "The server is starting." : "The server does not run. Click to start it.";
      this.item.command = starts ? "autoEnforcer.showLog" : "autoEnforcer.restart";
      this.item.backgroundColor = starts ? undefined : new vscode.ThemeColor("statusBarItem.warningBackground");
      return;
    }
    const file = ofFile(vscode.window.activeTextEditor?.document.uri);
    const all = ofSessions(this.sessions);
    const paused = this.sessions.some((session) => session.paused);
    const mark = this.under ? "$(sync~spin)" : paused ? "$(debug-pause)" : "$(shield)";
    this.item.text = `${mark} $(error) ${pair(file?.blocked, all.blocked)} $(warning) ${pair(file?.warnings, all.warnings)}`;
    this.item.tooltip = this.tooltip(file, all, paused);
    this.item.accessibilityInformation = {
      label: `Auto-Enforcer: ${all.blocked} blocked, ${all.warnings} warnings in open files`,
    };
    this.item.command = paused ? "autoEnforcer.resume" : PROBLEMS;
    this.item.backgroundColor = undefined;
  }

  private tooltip(file: Counts | undefined, all: Counts, paused: boolean): vscode.MarkdownString {
    const rows = ["| new violations | blocked | warnings |", "|---|--:|--:|"];
    if (file !== undefined) {
      rows.push(`| this file | ${file.blocked} | ${file.warnings} |`);
    }
    rows.push(`| all open files | ${all.blocked} | ${all.warnings} |`);
    const remarks = [];
    const sum = (of: (session: Session) => number) => this.sessions.reduce((total, one) => total + of(one), 0);
    const old = sum(({ counts }) => counts.blocked.historical + counts.warning.historical);
    const observed = sum((session) => session.observed);
    const unknown = sum(({ couldNotRun }) => couldNotRun.documents);
    const mistakes = sum(({ couldNotRun }) => couldNotRun.policyMistakes);
    const failed = [...new Set(this.sessions.flatMap(({ couldNotRun }) => couldNotRun.rules))];
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
    remarks.push(paused ? "Paused: click to resume." : "Click for the list.");
    return new vscode.MarkdownString(`**Auto-Enforcer**\n\n${rows.join("\n")}\n\n${remarks.join("  \n")}`);
  }
}

/** "1/3": of this file, and of all. Without a file, or where they are the same, one number. The file's is known
 * a moment before that of all. */
function pair(file: number | undefined, all: number): string {
  return file === undefined ? `${all}` : file >= all ? `${file}` : `${file}/${all}`;
}

/** What is shown of a file as new: what is old has `data`. */
function ofFile(uri: vscode.Uri | undefined): Counts | undefined {
  if (uri === undefined) {
    return undefined;
  }
  const counts = { blocked: 0, warnings: 0 };
  for (const one of vscode.languages.getDiagnostics(uri)) {
    if (one.source === SOURCE && (one as { data?: unknown }).data === undefined) {
      counts.blocked += one.severity === vscode.DiagnosticSeverity.Error ? 1 : 0;
      counts.warnings += one.severity === vscode.DiagnosticSeverity.Warning ? 1 : 0;
    }
  }
  return counts;
}

function ofSessions(sessions: Session[]): Counts {
  return sessions.reduce(
    ({ blocked, warnings }, { counts }) => ({
      blocked: blocked + counts.blocked.new,
      warnings: warnings + counts.warning.new,
    }),
    { blocked: 0, warnings: 0 },
  );
}
