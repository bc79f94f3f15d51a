// A headless Chromium that is spoken to over a pipe (DevTools protocol), so that nothing has to be
// installed beside it and node. Used by look.mjs.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PATIENCE_MS = 60000;
// What a page looks like depends on these of a machine.
const SAME_EVERYWHERE = {
    FONTCONFIG_FILE: fileURLToPath(new URL('fonts.conf', import.meta.url)),
    TZ: 'UTC', LANG: 'en_US.UTF-8', LANGUAGE: 'en_US', LC_ALL: 'C.UTF-8',
};

export class Browser {
    constructor(program) {
        this.profile = mkdtempSync(join(tmpdir(), 'hindcast-page-'));
        // No sandbox: it may run as root, and the page is ours.
        this.process = spawn(program, [
            '--headless=new', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--no-first-run',
            '--font-render-hinting=none', '--disable-lcd-text', '--force-color-profile=srgb',
            '--force-device-scale-factor=1', '--lang=en-US',
            '--remote-debugging-pipe', `--user-data-dir=${this.profile}`, 'about:blank',
        ], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'], env: { ...process.env, ...SAME_EVERYWHERE } });
        this.waiting = new Map();
        this.events = [];
        this.number = 0;
        let rest = '';
        this.process.stdio[4].on('data', (bytes) => {
            rest += bytes.toString('utf8');
            for (let at; (at = rest.indexOf('\0')) >= 0; rest = rest.slice(at + 1))
                this.take(JSON.parse(rest.slice(0, at)));
        });
        this.process.on('exit', () => this.fail(new Error('the browser ended')));
        this.process.on('error', (error) => this.fail(error));
    }

    fail(error) {
        for (const { reject } of this.waiting.values()) reject(error);
        this.waiting.clear();
    }

    take(message) {
        const asked = this.waiting.get(message.id);
        this.waiting.delete(message.id);
        if (asked === undefined) this.events.filter((e) => e.name === message.method).forEach((e) => e.done());
        else if (message.error) asked.reject(new Error(message.error.message));
        else asked.resolve(message.result);
    }

    send(method, params = {}, sessionId = this.session) {
        const id = ++this.number;
        this.process.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
        return new Promise((resolve, reject) => {
            const late = setTimeout(() => reject(new Error(`${method}: no answer`)), PATIENCE_MS);
            const end = (call) => (value) => { clearTimeout(late); call(value); };
            this.waiting.set(id, { resolve: end(resolve), reject: end(reject) });
        });
    }

    once(name) {
        return new Promise((resolve) => {
            const event = { name, done: () => { this.events.splice(this.events.indexOf(event), 1); resolve(); } };
            this.events.push(event);
        });
    }

    async open(url) {
        if (this.session === undefined) {
            const { targetId } = await this.send('Target.createTarget', { url: 'about:blank' });
            this.session = (await this.send('Target.attachToTarget', { targetId, flatten: true })).sessionId;
            await this.send('Page.enable');
        }
        const loaded = this.once('Page.loadEventFired');
        await this.send('Page.navigate', { url });
        await loaded;
    }

    // media: 'screen' or 'print'; scheme: 'light' or 'dark'
    async emulate(width, media, scheme) {
        await this.send('Emulation.setDeviceMetricsOverride',
            { width, height: 900, deviceScaleFactor: 1, mobile: width < 600 });
        await this.send('Emulation.setEmulatedMedia',
            { media, features: [{ name: 'prefers-color-scheme', value: scheme }] });
    }

    // The major version, '156'
    async major() {
        return (await this.send('Browser.getVersion', {}, undefined)).product.match(/\/(\d+)/)?.[1] ?? 'unknown';
    }

    // The family that draws the text of the first element of `selector`, '' where nothing does
    async font(selector) {
        await this.send('DOM.enable');
        await this.send('CSS.enable');
        const { root } = await this.send('DOM.getDocument');
        const { nodeId } = await this.send('DOM.querySelector', { nodeId: root.nodeId, selector });
        const { fonts } = await this.send('CSS.getPlatformFontsForNode', { nodeId });
        return fonts.sort((a, b) => b.glyphCount - a.glyphCount)[0]?.familyName ?? '';
    }

    async evaluate(expression) {
        const { result, exceptionDetails } = await this.send('Runtime.evaluate',
            { expression, awaitPromise: true, returnByValue: true });
        if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
        return result.value;
    }

    // The page down to `height`; all of it where that is 0.
    async picture(width, height = 0, scale = 1) {
        const full = await this.evaluate('document.documentElement.scrollHeight');
        const { data } = await this.send('Page.captureScreenshot', {
            format: 'png', captureBeyondViewport: true,
            clip: { x: 0, y: 0, width, height: height === 0 ? full : Math.min(height, full), scale },
        });
        return Buffer.from(data, 'base64');
    }

    async press(key) {
        const params = { key, code: key, windowsVirtualKeyCode: { Tab: 9, Enter: 13 }[key] };
        if (key === 'Enter') params.text = '\r';
        await this.send('Input.dispatchKeyEvent', { type: 'keyDown', ...params });
        await this.send('Input.dispatchKeyEvent', { type: 'keyUp', ...params });
    }

    async close() {
        const ended = new Promise((resolve) => this.process.once('exit', resolve));
        await this.send('Browser.close', {}, undefined).catch(() => {});
        await ended;
        rmSync(this.profile, { recursive: true, force: true });
    }
}
