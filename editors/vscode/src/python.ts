// Which Python runs the server that comes with the extension.

import { execFile } from "node:child_process";

/** The oldest that the server runs on. */
const OLDEST = [3, 11] as const;

/** Milliseconds that an interpreter has to say its version. */
const PATIENCE = 10_000;

/** What is tried when the settings name none, the likeliest first. */
const NAMES =
  process.platform === "win32"
    ? ["py", "python", "python3"]
    : ["python3", "python", "python3.14", "python3.13", "python3.12", "python3.11"];

export type Python = { command: string } | { reason: string };

/** The first Python that is new enough, or why there is none. `named` is what the settings say; `folder` is one
 * that nobody but the extension writes to: where a system looks for programs in the working folder, too, it must
 * not be the workspace. */
export async function findPython(named: string, folder: string): Promise<Python> {
  const older: string[] = [];
  for (const command of named ? [named] : NAMES) {
    const version = await versionOf(command, folder);
    if (version === undefined) {
      continue;
    }
    if (isNewEnough(version)) {
      return { command };
    }
    older.push(`\`${command}\` is ${version.join(".")}`);
  }
  const wanted = `Python ${OLDEST.join(".")} or later is needed`;
  if (named) {
    const why = older[0] ?? `\`${named}\` does not start`;
    return { reason: `${wanted}, and ${why}: mend the setting \`autoEnforcer.server.python\`.` };
  }
  const found = older.length ? ` (${[...new Set(older)].join(", ")})` : "";
  return {
    reason:
      `${wanted}, and none is on the PATH${found}: install it from python.org or with the system's packages, ` +
      "or name one in the setting `autoEnforcer.server.python`.",
  };
}

function isNewEnough([major, minor]: readonly [number, number]): boolean {
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

/** The version of an interpreter, or undefined where it does not start. */
function versionOf(command: string, folder: string): Promise<readonly [number, number] | undefined> {
  const program = "import sys; sys.stdout.write('%d %d' % sys.version_info[:2])";
  return new Promise((resolve) => {
    const options = { cwd: folder, timeout: PATIENCE, windowsHide: true };
    // No `-I` here: a Python that is too old for it shall say its version, too. `-E -s` are as old as any.
    execFile(command, ["-E", "-s", "-c", program], options, (error, said) => {
      const match = error ? null : /^(\d+) (\d+)$/.exec(said.trim());
      resolve(match ? [Number(match[1]), Number(match[2])] : undefined);
    });
  });
}
