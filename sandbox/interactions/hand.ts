import type { Locator, Page } from 'playwright-core';
import { until } from './stage.ts';

/**
 * A person's hand on the sandbox's page. It finds things by what they are called, as a person does, and counts: a line that
 * is sent, a click, a choice, a pick of files and the sending of a window are one interaction each. Typing counts with what
 * sends it; looking counts nothing.
 */
export class Hand {
  readonly page: Page;
  readonly #channel: string;
  #count = 0;

  constructor(page: Page, channel = 'general') {
    this.page = page;
    this.#channel = channel;
  }

  /** Interactions since the last `rest`. */
  get count(): number {
    return this.#count;
  }

  /** Counts from zero. */
  begin(): void {
    this.#count = 0;
  }

  /** Closes what is open. */
  async rest(): Promise<void> {
    const open = this.page.getByRole('dialog');
    await until('no window is open', async () => {
      if ((await open.count()) === 0) return true;
      await this.page.keyboard.press('Escape');
      return false;
    });
  }

  /** What the vault said to this person alone, newest last. */
  get #answers(): Locator {
    return this.page.getByRole('main').getByRole('article').filter({ hasText: 'Only visible to you' });
  }

  /** The newest answer. */
  get answer(): Locator {
    return this.#answers.last();
  }

  /** The window on top. */
  get window(): Locator {
    return this.page.getByRole('dialog').last();
  }

  /** Types a line into the channel's field and sends it; then the answer is there. */
  async sends(line: string): Promise<Locator> {
    const before = await this.#answers.count();
    await this.#type(line);
    await this.#answers.nth(before).waitFor();
    // What takes longer says so first.
    await this.answer.getByText(/^One moment/).waitFor({ state: 'detached' });
    return this.answer;
  }

  /** Sends a line that leads to a window: it opens by itself, or by a button of the answer. */
  async opens(line: string, button: RegExp): Promise<Locator> {
    const before = await this.#answers.count();
    await this.#type(line);
    const opener = this.#answers.nth(before).getByRole('button', { name: button }).last();
    await until(`${line} opens a window`, async () => (await this.#isOpen()) || (await opener.isVisible()));
    if (!(await this.#isOpen())) await this.clicks(opener);
    return this.filled();
  }

  async clicks(target: Locator): Promise<void> {
    await target.waitFor();
    this.#count += 1;
    await target.click();
  }

  /** The place in the newest answer that shows this file’s name. */
  file(name: string): Locator {
    return this.answer.getByText(name).first();
  }

  /** A button of a file: what people see next after its name, and called so. */
  button(name: string, label: string): Locator {
    const called = `@aria-label and starts-with(@aria-label, '${label}') or normalize-space(.) = '${label}'`;
    return this.file(name).locator(`xpath=following::*[self::button or self::a][${called}][1]`);
  }

  /** Opens the ••• of a file, and takes a line of it. */
  async menu(name: string, line: RegExp): Promise<void> {
    await this.clicks(this.button(name, 'More options'));
    await this.clicks(this.page.getByRole('menuitem', { name: line }));
  }

  /** Takes a choice from a field. */
  async chooses(field: Locator, choice: string | RegExp): Promise<void> {
    await field.waitFor();
    this.#count += 1;
    await field.click();
    await this.page.getByRole('option', { name: choice }).first().click();
  }

  /** Chooses a file from the computer; a window waits until it is uploaded. */
  async picks(name: string, text: string): Promise<void> {
    this.#count += 1;
    const file = { name, mimeType: 'text/plain', buffer: Buffer.from(text) };
    await this.window.locator('input[type=file]').setInputFiles(file);
    await this.page.getByRole('progressbar').waitFor({ state: 'detached' });
  }

  /** Sends the window on top. */
  async submits(): Promise<void> {
    await this.clicks((await this.filled()).locator('button[type=submit]'));
  }

  async #type(line: string): Promise<void> {
    const field = this.page.getByRole('main').getByLabel(`Message #${this.#channel}`);
    await field.fill(line);
    this.#count += 1;
    await field.press('Enter');
  }

  async #isOpen(): Promise<boolean> {
    return (await this.page.getByRole('dialog').count()) > 0;
  }

  /** The window on top, once it shows its content: it opens a moment before. */
  async filled(): Promise<Locator> {
    await this.window.getByText(/Looking it up/).waitFor({ state: 'detached' });
    return this.window;
  }
}
