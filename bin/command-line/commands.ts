import type { Command } from "./command.ts";

/** A command by its name and what the overview says of it. Its module, and the AWS SDK with it, is loaded only where it is needed. */
export interface Entry {
  readonly name: string;
  readonly summary: string;
  load(): Promise<Command>;
}

/** In the order of a connection's life. */
export const COMMANDS: readonly Entry[] = [
  {
    name: "status",
    summary: "shows how the connection stands and what waits for a person",
    load: async () => (await import("../status/status-command.ts")).statusCommand,
  },
  {
    name: "doctor",
    summary: "checks permissions, encryption, schedule, clock and network",
    load: async () => (await import("../doctor/doctor-command.ts")).doctorCommand,
  },
  {
    name: "seed",
    summary: "writes the client credentials and the first token pair",
    load: async () => (await import("../seed/seed-command.ts")).seedCommand,
  },
  {
    name: "authorize",
    summary: "lets a person grant access at XT and stores the pair",
    load: async () => (await import("../authorize/authorize-command.ts")).authorizeCommand,
  },
  {
    name: "rotate",
    summary: "runs one tick from this machine",
    load: async () => (await import("../rotate/rotate-command.ts")).rotateCommand,
  },
  {
    name: "recover",
    summary: "shows every version and the escrow, and puts a pair back in use",
    load: async () => (await import("../recover/recover-command.ts")).recoverCommand,
  },
];
