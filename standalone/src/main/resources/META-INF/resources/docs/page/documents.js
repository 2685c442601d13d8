const files = new Map();

async function load(url) {
    if (!files.has(url)) {
        files.set(url, fetch(url).then(answer => answer.ok ? answer.json() : Promise.reject(new Error(`${url} is answered ${answer.status}`))));
    }
    return files.get(url);
}

/** What stands at a place in a document, together with where: what it refers to is relative to that. */
export async function open(reference, base = location.href) {
    const url = new URL(reference, base);
    const file = url.href.replace(/#.*/, '');
    let value = await load(file);
    for (const step of url.hash.split('/').slice(1)) {
        value = value[decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')];
    }
    return { value, file, name: reference };
}

/** Follows references until there is a value; what stands beside a reference goes over it. */
export async function resolve(value, file) {
    let found = { value, file };
    while (found.value?.$ref) {
        const { $ref, ...beside } = found.value;
        const target = await open($ref, found.file);
        found = { value: { ...target.value, ...beside }, file: target.file };
        if (target.value?.$ref) {
            found.value.$ref = target.value.$ref;
        }
    }
    return found;
}
