// Looks at a page of a draft as people do: wide and narrow, light, dark and printed, beside the pictures that
// are kept, by keyboard, and with axe where that is installed. Called by tests/page/run; prints TAP, leaves
// pictures in a folder.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Browser } from './browser.mjs';
import { References } from './reference.mjs';

const [page, folder, program] = process.argv.slice(2);
const WIDTHS = [1280, 390];
const LOOKS = [['screen', 'light'], ['screen', 'dark'], ['print', 'light']];
const KEPT = fileURLToPath(new URL('reference', import.meta.url));
const FONT = 'DejaVu Sans'; // that fonts.conf names
const README_HEIGHT = 800;
const README_SCALE = 0.7;
let failed = false;

function check(name, fine, why) {
    console.log(`${fine ? 'ok' : 'not ok'} - ${name}`);
    if (!fine) {
        failed = true;
        if (why) console.log(`# ${String(why).replaceAll('\n', '\n# ')}`);
    }
}

// Nothing sticks out of the page but what scrolls by itself.
const WIDER = `(() => {
    const width = document.documentElement.clientWidth;
    return document.documentElement.scrollWidth <= width ? '' : [...document.querySelectorAll('body *')]
        .filter((e) => e.getBoundingClientRect().right > width + 1 && !e.closest('figure,.wide'))
        .map((e) => e.tagName + '.' + e.className).slice(0, 5).join(' ') || 'something';
})()`;

// Contrast of each text with what lies below it, as WCAG 2 reckons it: at least 4.5, 3 where it is large.
const PALE = `(() => {
    const rgb = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
    const light = ([r, g, b]) => [r, g, b].map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const below = (e) => { for (; e; e = e.parentElement) {
        const colour = rgb(getComputedStyle(e).backgroundColor);
        if (colour.length === 3 || colour[3] === 1) return colour;
    } return [255, 255, 255]; };
    const pale = new Set();
    for (const e of document.querySelectorAll('body *:not(svg *)')) {
        if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || !e.checkVisibility()) continue;
        const style = getComputedStyle(e), size = parseFloat(style.fontSize);
        const [a, b] = [light(rgb(style.color)), light(below(e))].sort((x, y) => y - x);
        const least = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5;
        const ratio = (a + 0.05) / (b + 0.05);
        if (ratio < least) pale.add(e.tagName + '.' + e.className + ' ' + ratio.toFixed(2));
    }
    return [...pale].slice(0, 5).join(', ');
})()`;

async function look(browser) {
    const font = await browser.font('h1');
    check(`${FONT} draws the text`, font === FONT, `it is '${font}': scripts/setup page installs the other`);
    const references = new References(KEPT, folder, await browser.major(), Boolean(process.env.ACCEPT));
    for (const width of WIDTHS)
        for (const [media, scheme] of LOOKS) {
            const name = `${width}-${media === 'print' ? 'print' : scheme}`;
            await browser.emulate(width, media, scheme);
            const picture = await browser.picture(width);
            writeFileSync(join(folder, `page-${name}.png`), picture);
            const other = references.compare(name, width, picture);
            check(`${name}: it looks as kept`, other === '', other);
            const wider = await browser.evaluate(WIDER);
            check(`${name}: nothing sticks out`, wider === '', wider);
            const pale = await browser.evaluate(PALE);
            check(`${name}: texts have contrast`, pale === '', pale);
        }
    await browser.emulate(1280, 'screen', 'light');
    writeFileSync(join(folder, 'readme.png'), await browser.picture(1280, README_HEIGHT, README_SCALE));
    const paper = await browser.send('Page.printToPDF', { printBackground: false });
    writeFileSync(join(folder, 'page.pdf'), Buffer.from(paper.data, 'base64'));
}

// Every row of the timeline, every citation and every evidence takes the focus in turn, and what has it is
// in sight with a ring around it; Enter opens an evidence.
async function walk(browser) {
    await browser.emulate(1280, 'screen', 'light');
    const wanted = await browser.evaluate(
        "document.querySelectorAll('ol.rows li[id] > a, summary, nav a, sup a, .wide, figure').length");
    const seen = new Set();
    let unseen = 0, ringless = 0;
    for (let presses = 0; presses < 5000; presses++) {
        await browser.press('Tab');
        const at = await browser.evaluate(`(() => {
            const e = document.activeElement;
            if (e === document.body) return null;
            window.places ??= new Map();
            if (!places.has(e)) places.set(e, places.size);
            const box = e.getBoundingClientRect(), style = getComputedStyle(e);
            return { place: places.get(e), row: e.matches('ol.rows li[id] > a, summary, nav a, sup a, .wide, figure'),
                sight: box.bottom > 0 && box.top < innerHeight, ring: style.outlineStyle !== 'none' };
        })()`);
        if (at === null || (seen.has(at.place) && seen.size > 1)) break;
        if (at.row) {
            seen.add(at.place);
            unseen += !at.sight;
            ringless += !at.ring;
        }
    }
    check('the keyboard reaches every row', wanted > 0 && seen.size === wanted, `${seen.size} of ${wanted}`);
    check('what has the focus is in sight', unseen === 0, unseen);
    check('and has a ring', ringless === 0, ringless);
    await browser.evaluate("document.querySelector('summary').focus()");
    await browser.press('Enter');
    check('Enter opens an evidence', await browser.evaluate("document.querySelector('details').open"));
}

async function axe(browser, file) {
    for (const scheme of ['light', 'dark']) {
        await browser.emulate(1280, 'screen', scheme);
        await browser.evaluate("document.querySelectorAll('details').forEach((e) => { e.open = true; })");
        await browser.evaluate(`${readFileSync(file, 'utf8')}; 0`);
        const found = await browser.evaluate(`axe.run({ resultTypes: ['violations'] }).then((r) => r.violations
            .map((v) => v.id + ': ' + v.help + ': ' + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 120)).join(' ')).join('\\n'))`);
        check(`axe finds nothing (${scheme})`, found === '', found);
    }
}

function axeFile() {
    try {
        return createRequire(join(process.env.PAGE_TOOLS ?? process.cwd(), 'x.js')).resolve('axe-core/axe.min.js');
    } catch {
        return null;
    }
}

mkdirSync(folder, { recursive: true });
if (!existsSync(page)) throw new Error(`there is no ${page}`);
const browser = new Browser(program);
try {
    await browser.open(pathToFileURL(resolve(page)).href);
    await look(browser);
    await walk(browser);
    const file = axeFile();
    if (file === null) console.log('# skipped: axe-core is not installed');
    else {
        await browser.send('Page.setBypassCSP', { enabled: true });
        await browser.open(pathToFileURL(resolve(page)).href);
        await axe(browser, file);
    }
} finally {
    await browser.close();
}
process.exit(failed ? 1 : 0);
