import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** How long a start may take before the test is told so; it usually takes a fraction of a second. */
const START_MS = 30_000;

/** The Model Context Protocol's own server for tests. */
const REFERENCE_SERVER = join(import.meta.dirname, "../../node_modules/@modelcontextprotocol/server-everything/dist/index.js");

/** One guildhall: a process of the release binary, with a port and a data folder of its own. */
export class Server {
  private process?: ChildProcess;
  private output = "";

  private constructor(
    readonly url: string,
    readonly data: string,
  ) {}

  static async start(): Promise<Server> {
    const data = mkdtempSync(join(tmpdir(), "guildhall-e2e-"));
    lendModels(data);
    const server = new Server(`http://127.0.0.1:${await freePort()}`, data);
    await server.up();
    return server;
  }

  /** Everything that the server has written so far. */
  get log(): string {
    return this.output;
  }

  /** Asks the server to end, waits until it has drained, and starts it again on the same data. */
  async restart(): Promise<void> {
    await this.end("SIGTERM");
    await this.up();
  }

  /** Kills the server without a warning, as a power cut would. `up` starts it again. */
  async kill9(): Promise<void> {
    await this.end("SIGKILL");
  }

  /** Starts the process and returns once it is ready. */
  async up(): Promise<void> {
    const child = spawn(binary(), ["serve"], { env: this.environment(), cwd: this.data, stdio: ["ignore", "pipe", "pipe"] });
    this.process = child;
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (this.output += chunk));
    await this.ready(child);
  }

  /** Runs a command of the same binary on the same data, e.g. `command("person", "create", …)`; returns its stdout. */
  command(args: string[], input = ""): string {
    return execFileSync(binary(), args, { env: this.environment(), cwd: this.data, input, encoding: "utf8" });
  }

  /** Ends the server and removes its data. */
  async remove(): Promise<void> {
    await this.end("SIGTERM");
    rmSync(this.data, { recursive: true, force: true });
  }

  /** Keeps the log with a failed test's other files. */
  saveLog(path: string): void {
    writeFileSync(path, this.output);
  }

  private environment(): NodeJS.ProcessEnv {
    // Only what is listed: a developer's own keys and settings must not leak into a test.
    const { PATH, HOME, TMPDIR } = process.env;
    return {
      ...(TMPDIR ? { TMPDIR } : {}),
      PATH,
      HOME,
      GUILDHALL_ADDR: new URL(this.url).host,
      GUILDHALL_DATA: this.data,
      GUILDHALL_SCRIPTED: "true",
      GUILDHALL_TOOL_COMMANDS: `everything="${process.execPath}" "${REFERENCE_SERVER}" stdio`,
      GUILDHALL_LOG: process.env.GUILDHALL_LOG ?? "info",
    };
  }

  private async ready(child: ChildProcess): Promise<void> {
    const deadline = Date.now() + START_MS;
    while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
      const answer = await fetch(`${this.url}/readyz`).catch(() => undefined);
      if (answer?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    child.kill("SIGKILL");
    throw new Error(`the server did not become ready (exit code ${child.exitCode}):\n${this.output}`);
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await gone;
  }
}

function binary(): string {
  const path = process.env.GUILDHALL_BIN;
  if (!path) throw new Error("GUILDHALL_BIN is not set");
  return path;
}

/** Lends the cached local models to a server, which only reads them. */
function lendModels(data: string): void {
  const models = process.env.GUILDHALL_MODELS;
  if (models && existsSync(models)) symlinkSync(models, join(data, "models"), "dir");
}

/** A port that was free a moment ago. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port"))));
    });
  });
}
