import type { Page } from "@playwright/test";
import { hydrated } from "./page";

/** Someone with an account, or about to have one. */
export interface Person {
  name: string;
  email: string;
  password: string;
  group: string;
}

let count = 0;

/** A person that no server has seen. */
export function stranger(): Person {
  count += 1;
  return { name: `Ada ${count}`, email: `ada${count}@guild.example`, password: "a long enough secret", group: "Guild of Tests" };
}

/** Signs up through the page; on an empty server that person becomes the owner of the first group. */
export async function signUp(page: Page, person: Person = stranger()): Promise<Person> {
  await page.goto("/sign-up");
  await hydrated(page);
  await page.getByLabel("Name", { exact: true }).fill(person.name);
  await page.getByLabel("Email").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByLabel("Group name").fill(person.group);
  await page.getByRole("button", { name: "Create group" }).click();
  await page.waitForURL(/\/g\/[^/]+/);
  return person;
}

/** Signs in through the page. */
export async function signIn(page: Page, person: Person, lands = /\/g\/[^/]+/): Promise<void> {
  await page.goto("/sign-in");
  await hydrated(page);
  await fillSignIn(page, person);
  await page.waitForURL(lands);
}

/** Fills the sign-in form that is shown, and sends it. */
export async function fillSignIn(page: Page, person: Pick<Person, "email" | "password">): Promise<void> {
  await page.getByLabel("Email").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
}
