// The server's life: started, restarted, ended, and what is said when it does not come.

import * as vscode from "vscode";
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  RevealOutputChannelOn,
  State,
  type ErrorHandler,
  type LanguageClientOptions,
  type Middleware,
} from "vscode-languageclient/node";
import { findLaunch, type Launch } from "./launch";

/** Ends within so many milliseconds after which it is not started again by itself. */
const TOO_OFTEN = { ends: 4, within: 180_000 };

export type Phase = "starting" | "running" | "stopped";

/** A client that leaves it to us to say that the server does not come. */
class Client extends LanguageClient {
  hasRun = false;

  override error(message: string, data?: unknown, show: boolean | "force" = true): void {
    super.error(message, data, this.hasRun ? show : false);
  }
}

export class Server {
  private client: Client | undefined;
  private launched: Launch | undefined;
  private ends: number[] = [];
  /** What is under way: one start or end at a time. */
  private turn: Promise<void> = Promise.resolve();
  private readonly phases = new vscode.EventEmitter<Phase>();
  private readonly told = new vscode.EventEmitter<unknown>();

  readonly onPhase = this.phases.event;
  /** What `autoEnforcer/status` says. */
  readonly onStatus = this.told.event;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly log: vscode.LogOutputChannel,
    private readonly middleware: Middleware,
  ) {
    context.subscriptions.push(this.phases, this.told);
  }

  /** The client of a server that runs. */
  get running(): LanguageClient | undefined {
    return this.client?.isRunning() ? this.client : undefined;
  }

  /** The command that the server runs by, or would; undefined, with the reason shown, where there is none. */
  async launch(): Promise<Launch | undefined> {
    if (this.launched !== undefined) {
      return this.launched;
    }
    const found = await findLaunch(this.context);
    if ("reason" in found) {
      void this.complain(found.reason, found.setting);
      return undefined;
    }
    return found;
  }

  /** Start anew, whatever there is. */
  restart(): Promise<void> {
    this.ends = [];
    return this.inTurn(async () => {
      await this.drop();
      await this.begin();
    });
  }

  stop(): Promise<void> {
    return this.inTurn(() => this.drop());
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    this.turn = this.turn.then(work, work).catch((error: unknown) => this.log.error(String(error)));
    return this.turn;
  }

  private async begin(): Promise<void> {
    this.phase("starting");
    this.launched = undefined;
    const launch = await this.launch();
    if (launch === undefined) {
      this.phase("stopped");
      return;
    }
    this.launched = launch;
    const { command, before, folder } = launch;
    this.log.info(`starting \`${[command, ...before, "lsp"].join(" ")}\`, of ${launch.origin}`);
    const options = { command, args: [...before, "lsp"], options: { cwd: folder } };
    const client = new Client("autoEnforcer", "Auto-Enforcer", options, this.options());
    this.client = client;
    client.onNotification("autoEnforcer/status", (params: unknown) => this.told.fire(params));
    client.onDidChangeState(({ newState }) => {
      client.hasRun ||= newState === State.Running;
      this.phase(newState === State.Running ? "running" : newState === State.Stopped ? "stopped" : "starting");
    });
    try {
      await client.start();
    } catch (error) {
      if (!client.hasRun) {
        await this.drop();
        this.launched = undefined;
        this.log.error(String(error));
        const where = launch.before.length ? "autoEnforcer.server.python" : "autoEnforcer.server.path";
        void this.complain(`The server, \`${command}\` of ${launch.origin}, did not start. The log says why.`, where);
      }
    }
  }

  private async drop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (client !== undefined) {
      try {
        await client.dispose(2_000);
      } catch {
        // It had not started, or was gone already.
      }
    }
    this.phase("stopped");
  }

  private phase(phase: Phase): void {
    void vscode.commands.executeCommand("setContext", "autoEnforcer.running", phase === "running");
    this.phases.fire(phase);
  }

  private options(): LanguageClientOptions {
    const settings = vscode.workspace.getConfiguration("autoEnforcer");
    return {
      documentSelector: [{ scheme: "file" }, { scheme: "untitled" }, { scheme: "vscode-notebook-cell" }],
      initializationOptions: { status: true, scan: settings.get<string>("scan", "open") },
      outputChannel: this.log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationFailedHandler: () => false,
      errorHandler: this.errorHandler(),
      middleware: this.middleware,
    };
  }

  private errorHandler(): ErrorHandler {
    return {
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: () => {
        const now = Date.now();
        this.ends = [...this.ends.filter((end) => now - end < TOO_OFTEN.within), now];
        if (this.client?.state !== State.Starting && this.ends.length <= TOO_OFTEN.ends) {
          this.log.warn("the server ended, and is started again");
          return { action: CloseAction.Restart, handled: true };
        }
        if (this.ends.length > TOO_OFTEN.ends) {
          void this.complain(`The server ended ${this.ends.length} times within three minutes. The log says why.`);
        }
        return { action: CloseAction.DoNotRestart, handled: true };
      },
    };
  }

  private async complain(sentence: string, setting?: string): Promise<void> {
    this.log.error(sentence);
    const open = "Open Setting";
    const log = "Show Log";
    const again = "Try Again";
    const chosen = await vscode.window.showErrorMessage(
      `Auto-Enforcer: ${sentence}`,
      ...(setting === undefined ? [] : [open]),
      log,
      again,
    );
    if (chosen === open) {
      await vscode.commands.executeCommand("workbench.action.openSettings", setting);
    } else if (chosen === log) {
      this.log.show(true);
    } else if (chosen === again) {
      await this.restart();
    }
  }
}
