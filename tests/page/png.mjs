// Reads and writes PNG, as far as tests/page needs it: 8 bits, not interlaced; what is written has a palette.
// A picture is { width, height, rgb }, three bytes a pixel.
import { deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
const CHANNELS = { 2: 3, 3: 1, 6: 4 }; // by colour type: RGB, palette, RGB and alpha
const COLOURS = 256;

function paeth(a, b, c) {
    const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
    return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

// Takes the filters back: the bytes of all lines, without the byte that names a line's filter.
function unfilter(bytes, height, stride, step) {
    const out = Buffer.alloc(height * stride);
    for (let y = 0; y < height; y++) {
        const filter = bytes[y * (stride + 1)], from = y * (stride + 1) + 1, to = y * stride;
        for (let x = 0; x < stride; x++) {
            const a = x >= step ? out[to + x - step] : 0, b = y > 0 ? out[to + x - stride] : 0;
            const c = x >= step && y > 0 ? out[to + x - stride - step] : 0;
            out[to + x] = bytes[from + x] + [0, a, b, (a + b) >> 1, filter === 4 ? paeth(a, b, c) : 0][filter];
        }
    }
    return out;
}

export function readPng(file) {
    if (!file.subarray(0, 8).equals(SIGNATURE)) throw new Error('not a PNG');
    const parts = { IDAT: [] };
    for (let at = 8; at < file.length; at += file.readUInt32BE(at) + 12) {
        const name = file.toString('latin1', at + 4, at + 8);
        const body = file.subarray(at + 8, at + 8 + file.readUInt32BE(at));
        if (name === 'IDAT') parts.IDAT.push(body);
        else parts[name] = body;
    }
    const [width, height] = [parts.IHDR.readUInt32BE(0), parts.IHDR.readUInt32BE(4)];
    const channels = CHANNELS[parts.IHDR[9]];
    if (parts.IHDR[8] !== 8 || channels === undefined || parts.IHDR[12] !== 0) throw new Error('a PNG of another form');
    const lines = unfilter(inflateSync(Buffer.concat(parts.IDAT)), height, width * channels, channels);
    const rgb = Buffer.alloc(width * height * 3);
    for (let i = 0; i < width * height; i++)
        if (channels === 1) parts.PLTE.copy(rgb, i * 3, lines[i] * 3, lines[i] * 3 + 3);
        else lines.copy(rgb, i * 3, i * channels, i * channels + 3);
    return { width, height, rgb };
}

export const crop = ({ width, height, rgb }, most) =>
    ({ width, height: Math.min(height, most), rgb: rgb.subarray(0, width * Math.min(height, most) * 3) });

const apart = (a, b) =>
    Math.max(Math.abs((a >> 16) - (b >> 16)), Math.abs((a >> 8 & 255) - (b >> 8 & 255)), Math.abs((a & 255) - (b & 255)));

// The most frequent colours first, and each that is further than `near` from all before: `of` gives its
// place in the palette to each colour. Where 256 do not suffice, the nearest.
function paletteOf({ width, height, rgb }, near) {
    const counts = new Map();
    for (let i = 0; i < width * height; i++) {
        const colour = rgb.readUIntBE(i * 3, 3);
        counts.set(colour, (counts.get(colour) ?? 0) + 1);
    }
    const palette = [], of = new Map();
    for (const [colour] of [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])) {
        let best = 0;
        palette.forEach((c, i) => { if (apart(c, colour) < apart(palette[best], colour)) best = i; });
        if (palette.length === 0 || (palette.length < COLOURS && apart(palette[best], colour) > near))
            best = palette.push(colour) - 1;
        of.set(colour, best);
    }
    return { palette, of };
}

// node's own crc32 is younger than the node of Debian 12.
function crc32(bytes) {
    let crc = ~0;
    for (const byte of bytes) {
        crc ^= byte;
        for (let bit = 0; bit < 8; bit++) crc = crc >>> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    }
    return ~crc >>> 0;
}

function part(name, body) {
    const out = Buffer.alloc(body.length + 12);
    out.writeUInt32BE(body.length, 0);
    out.write(name, 4, 'latin1');
    body.copy(out, 8);
    out.writeUInt32BE(crc32(out.subarray(4, body.length + 8)), body.length + 8);
    return out;
}

// Each channel of what is written is at most `near` from what is given (with up to 256 such colours).
export function writePng(picture, near) {
    const { width, height, rgb } = picture;
    const { palette, of } = paletteOf(picture, near);
    const head = Buffer.alloc(13);
    head.writeUInt32BE(width, 0);
    head.writeUInt32BE(height, 4);
    head.set([8, 3, 0, 0, 0], 8);
    const lines = Buffer.alloc(height * (width + 1));
    for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++)
            lines[y * (width + 1) + 1 + x] = of.get(rgb.readUIntBE((y * width + x) * 3, 3));
    const colours = Buffer.alloc(palette.length * 3);
    palette.forEach((c, i) => colours.writeUIntBE(c, i * 3, 3));
    return Buffer.concat([SIGNATURE, part('IHDR', head), part('PLTE', colours),
        part('IDAT', deflateSync(lines, { level: 9, memLevel: 9 })), part('IEND', Buffer.alloc(0))]);
}
