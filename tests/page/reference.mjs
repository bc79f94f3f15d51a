// Compares pictures of the page with those that are kept in tests/page/reference. What differs is written
// beside the picture, the pixels that differ in red. Used by look.mjs.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crop, readPng, writePng } from './png.mjs';

const PALETTE_NEAR = 6; // a channel of a kept picture is at most this far from what was seen
const PIXEL_NEAR = 16; // further apart in any channel, a pixel differs
const SHARE_SAME = 0.0005; // of the pixels may differ with the Chromium of the references,
const SHARE_OTHER = 0.02; // and with another major version, which may draw glyphs otherwise
// Of the page that is kept, by its width: the head, the chart and the first table
const HEIGHTS = { 1280: 1400, 390: 1800 };
const RED = [220, 0, 0];

// The pixels that differ in red, the rest pale. Where one picture is longer, what it has more differs.
function difference(a, b) {
    const width = Math.max(a.width, b.width), height = Math.max(a.height, b.height);
    const shown = { width, height, rgb: Buffer.alloc(width * height * 3) };
    let count = 0;
    for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) {
            const to = (y * width + x) * 3;
            const [i, j] = [a, b].map((p) => (x < p.width && y < p.height ? (y * p.width + x) * 3 : -1));
            const far = i < 0 || j < 0 || [0, 1, 2].some((k) => Math.abs(a.rgb[i + k] - b.rgb[j + k]) > PIXEL_NEAR);
            count += far;
            for (let k = 0; k < 3; k++) shown.rgb[to + k] = far ? RED[k] : 192 + (b.rgb[j + k] >> 2);
        }
    return { share: count / (width * height), shown };
}

export class References {
    // major: of the Chromium that draws; accept: write them anew
    constructor(kept, folder, major, accept) {
        Object.assign(this, { kept, folder, major, accept });
        const file = join(kept, 'chromium');
        if (accept) {
            mkdirSync(kept, { recursive: true });
            writeFileSync(file, `${major}\n`);
        }
        const theirs = existsSync(file) ? readFileSync(file, 'utf8').trim() : 'none';
        this.most = theirs === major ? SHARE_SAME : SHARE_OTHER;
        if (theirs !== major)
            console.log(`# references are of Chromium ${theirs}, this is ${major}: up to ${SHARE_OTHER * 100} % may differ`);
    }

    // '' where the picture is as kept, else what differs
    compare(name, width, png) {
        const seen = crop(readPng(png), HEIGHTS[width]);
        const file = join(this.kept, `${name}.png`);
        if (this.accept) {
            writeFileSync(file, writePng(seen, PALETTE_NEAR));
            console.log(`# renewed, look at it: ${file}`);
        }
        const path = join(this.folder, `page-${name}-differs.png`);
        rmSync(path, { force: true });
        if (!existsSync(file)) return `there is no ${file} (ACCEPT=1 makes it)`;
        const { share, shown } = difference(readPng(readFileSync(file)), seen);
        if (share <= this.most) return '';
        writeFileSync(path, writePng(shown, PALETTE_NEAR));
        return `${(share * 100).toFixed(2)} % of the pixels differ, at most ${this.most * 100} % may\n`
            + `kept: ${file}\nseen: ${join(this.folder, `page-${name}.png`)}\ndifference: ${path}`;
    }
}
