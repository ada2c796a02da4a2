/** A page in headless Chromium, with a record of all that it should not do. */
import { pathToFileURL } from 'node:url';
import chromium from '@sparticuz/chromium';
import puppeteer, { type Page } from 'puppeteer-core';

type Found = NonNullable<Awaited<ReturnType<Page['waitForSelector']>>>;

export interface Opened {
  readonly page: Page;
  /** Errors on the console, errors that nobody caught, and requests that leave the file; empty if all is well. */
  readonly faults: readonly string[];
  /** An element, once it is there. Throws at the first fault, which it would otherwise wait for in vain. */
  readonly find: (selector: string) => Promise<Found>;
  readonly close: () => Promise<void>;
}

/** For what the page is to do; a busy host takes its time. */
const PATIENCE_MS = 60_000;

/** Opens a file from the disk, as a reader would. */
export async function openFile(path: string): Promise<Opened> {
  const browser = await puppeteer.launch({
    executablePath: await chromium.executablePath(),
    args: [...chromium.args, '--no-sandbox'],
    headless: 'shell',
  });
  const faults: string[] = [];
  const fault = Promise.withResolvers<never>();
  fault.promise.catch(() => {});
  const blame = (what: string): void => {
    faults.push(what);
    fault.reject(new Error(what));
  };
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.on('console', (message) => {
    if (message.type() === 'error') blame(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => blame(`uncaught: ${error}`));
  page.on('request', (request) => {
    const url = request.url();
    if (url !== pathToFileURL(path).href && !/^(data|blob):/.test(url)) blame(`request: ${url}`);
  });
  await page.goto(pathToFileURL(path).href);
  const find = async (selector: string): Promise<Found> => {
    const found = await Promise.race([page.waitForSelector(selector), fault.promise]);
    if (found === null) throw new Error(`${selector} went away`);
    return found;
  };
  return { page, faults, find, close: () => browser.close() };
}
