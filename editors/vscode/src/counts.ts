// What is new, counted: in a file as it is shown, in open documents as the server says, in closed files as shown.

import * as vscode from "vscode";

export interface Counts {
  blocked: number;
  warnings: number;
}

/** A folder's part of `autoEnforcer/status`, as far as it is shown; ../../README.md has it whole. */
export interface Session {
  paused: boolean;
  counts: Record<"blocked" | "warning", { new: number; historical: number }>;
  observed: number;
  couldNotRun: { rules: string[]; documents: number; policyMistakes: number };
}

export const SOURCE = "auto-enforcer";

/** What is shown of files as new, by their URIs. */
export class Shown {
  private readonly files = new Map<string, Counts>();

  /** Look again at files whose diagnostics have changed. */
  look(uris: readonly vscode.Uri[]): void {
    for (const uri of uris) {
      const counts = ofFile(uri);
      if (counts.blocked || counts.warnings) {
        this.files.set(uri.toString(), counts);
      } else {
        this.files.delete(uri.toString());
      }
    }
  }

  of(uri: vscode.Uri): Counts {
    return this.files.get(uri.toString()) ?? { blocked: 0, warnings: 0 };
  }

  /** What a scan has found in closed files. Of open ones the server knows more than is shown. */
  inClosed(): Counts {
    const open = new Set(vscode.workspace.textDocuments.map(({ uri }) => uri.toString()));
    return sum([...this.files].filter(([uri]) => !open.has(uri)).map(([, counts]) => counts));
  }
}

export function inOpen(sessions: readonly Session[]): Counts {
  return sum(sessions.map(({ counts }) => ({ blocked: counts.blocked.new, warnings: counts.warning.new })));
}

export function sum(parts: readonly Counts[]): Counts {
  const counts = { blocked: 0, warnings: 0 };
  for (const { blocked, warnings } of parts) {
    counts.blocked += blocked;
    counts.warnings += warnings;
  }
  return counts;
}

/** What is old has `data`. */
function ofFile(uri: vscode.Uri): Counts {
  const counts = { blocked: 0, warnings: 0 };
  for (const one of vscode.languages.getDiagnostics(uri)) {
    if (one.source === SOURCE && (one as { data?: unknown }).data === undefined) {
      counts.blocked += one.severity === vscode.DiagnosticSeverity.Error ? 1 : 0;
      counts.warnings += one.severity === vscode.DiagnosticSeverity.Warning ? 1 : 0;
    }
  }
  return counts;
}
