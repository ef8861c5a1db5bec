import { isExecutable } from "./chromium";

/** Says at once what is missing, instead of once per test. */
export default function globalSetup(): void {
  const binary = process.env.GUILDHALL_BIN;
  if (!binary) throw new Error("GUILDHALL_BIN is not set: run the tests with `make e2e`, or give the path of a release binary.");
  if (!isExecutable(binary)) throw new Error(`GUILDHALL_BIN is no program: ${binary}. \`make build\` makes one.`);
}
