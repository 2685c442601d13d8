/** An element with attributes and children; null and false are left out, text is text. */
export function el(name, attributes = {}, ...children) {
    const element = document.createElement(name);
    Object.entries(attributes).forEach(([key, value]) => value !== null && value !== false && element.setAttribute(key, value));
    element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
    return element;
}

/** Prose of the documents: rule ids and identifiers stay as they are, `code` is shown as code. */
export function prose(text = '') {
    return text.split('`').map((part, index) => index % 2 ? el('code', {}, part) : part);
}

export function anchor(text) {
    return text.replace(/[^A-Za-z0-9.-]+/g, '-');
}

/** JSON with its keys and values told apart. */
export function json(value) {
    const pre = el('pre');
    const pattern = /("(?:\\.|[^"\\])*")(\s*:)?|(\b(?:true|false|null)\b|-?\d+(?:\.\d+)?)/g;
    const text = JSON.stringify(value, null, 2);
    let end = 0;
    for (const found of text.matchAll(pattern)) {
        const kind = found[3] ? 'other' : found[2] ? 'key' : 'text';
        pre.append(text.slice(end, found.index), el('span', { class: kind }, found[1] ?? found[3]), found[2] ?? '');
        end = found.index + found[0].length;
    }
    pre.append(text.slice(end));
    return pre;
}

export function table(head, rows) {
    return el('div', { class: 'wide' }, el('table', {},
        el('thead', {}, el('tr', {}, head.map(cell => el('th', {}, cell)))),
        el('tbody', {}, rows)));
}

/** Fills the page and the list of what is on it; a document that cannot be read is said to be so. */
export async function show(fill) {
    const main = document.getElementById('main');
    const contents = document.getElementById('contents');
    try {
        await fill(main);
    } catch (error) {
        main.append(el('p', { class: 'trouble', role: 'alert' }, `unable to show this page; ${error.message}`));
        return;
    }
    main.querySelectorAll('h2[id], h3[id]').forEach(title => contents.append(title.localName === 'h2'
        ? el('b', {}, title.textContent)
        : el('a', { href: `#${title.id}` }, title.dataset.short ?? title.textContent)));
    if (location.hash) {
        document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
    }
}
