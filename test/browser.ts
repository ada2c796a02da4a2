/** A page in headless Chromium, with a record of all that it should not do. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import chromium from '@sparticuz/chromium';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';

type Found = NonNullable<Awaited<ReturnType<Page['waitForSelector']>>>;

export interface Opened {
  readonly page: Page;
  /** Errors on the console, errors that nobody caught, and requests that leave the file; empty if all is well. */
  readonly faults: readonly string[];
  /** An element, once it is there. Throws at the first fault, which it would otherwise wait for in vain. */
  readonly find: (selector: string) => Promise<Found>;
  readonly close: () => Promise<void>;
}

/**
 * In one process, as its build wants it, and as strict with files from the disk as a reader's; without a graphics processor, which it would otherwise emulate, for twice the
 * processor's time a page.
 */
const FLAGS = ['--no-sandbox', '--no-zygote', '--single-process', '--disable-gpu'];

/** For what the page is to do; a busy host takes its time. */
const PATIENCE_MS = 60_000;

/** Where the browser lies once it is unpacked: with the packages, since it is one of them. */
const UNPACKED = fileURLToPath(new URL('../node_modules/.cache/contend/chromium/', import.meta.url));

/**
 * The browser, unpacked once for all runs of the tests, which takes seconds. Its package would unpack it into the
 * temporary folder, which is new for each run, and give a second process the file that the first is still writing.
 */
async function executable(): Promise<string> {
  if (!existsSync(UNPACKED)) {
    const own = UNPACKED.replace(/\/$/, `-${process.pid}`);
    mkdirSync(own, { recursive: true });
    await unpack(own);
    try {
      renameSync(own, UNPACKED);
    } catch (error) {
      if (!existsSync(UNPACKED)) throw error;
      rmSync(own, { recursive: true }); // another process was first
    }
  }
  return join(UNPACKED, 'chromium');
}

/** The package asks for the temporary folder before it first waits. */
function unpack(folder: string): Promise<string> {
  const { TMPDIR = '' } = process.env;
  process.env.TMPDIR = folder;
  const unpacked = chromium.executablePath();
  process.env.TMPDIR = TMPDIR;
  return unpacked;
}

let launched: Promise<Browser> | undefined;

/** One for all files of tests that this process runs, since a launch takes a second; it ends with the process. */
async function launch(): Promise<Browser> {
  return await puppeteer.launch({ executablePath: await executable(), args: FLAGS, headless: 'shell' });
}

/** Opens a file from the disk, as a reader would. */
export async function openFile(path: string): Promise<Opened> {
  launched ??= launch();
  const page = await (await launched).newPage();
  const faults: string[] = [];
  const fault = Promise.withResolvers<never>();
  fault.promise.catch(() => {});
  const blame = (what: string): void => {
    faults.push(what);
    fault.reject(new Error(what));
  };
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
  return { page, faults, find, close: () => page.close() };
}
