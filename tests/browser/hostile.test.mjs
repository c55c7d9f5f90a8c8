import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { canary, open, send, shut, sleep, start } from "./house.mjs";

let house, bird;
before(async () => { house = await start(); bird = await canary(); });
after(async () => { await shut(); await house.stop(); bird.close(); });

const attack = (to) => `<!doctype html><html><head>
<base href="${to}/base/"><meta http-equiv="refresh" content="0;url=${to}/refresh">
<link rel="stylesheet" href="${to}/link.css"><link rel="preconnect" href="${to}"><link rel="dns-prefetch" href="${to}"><link rel="prefetch" href="${to}/prefetch"><link rel="icon" href="${to}/icon">
<style>@import url(${to}/import.css); @font-face { font-family: f; src: url(${to}/font.woff2); } body { background: url(${to}/css.png); font-family: f; } b::after { content: url("${to}/after.png"); }</style>
<script>parent.document.title = "owned"; fetch("${to}/script")</script><script src="${to}/script.js"></script></head>
<body background="${to}/body.png" onload="fetch('${to}/onload')">
<img src=x onerror="fetch('${to}/onerror')"><img src="${to}/img.png" srcset="${to}/srcset.png 2x"><picture><source srcset="${to}/source.png"><img src="data:,"></picture>
<svg onload="fetch('${to}/svg')"><image href="${to}/svg-image.png"/><use href="${to}/use.svg#a"/><script>fetch("${to}/svg-script")</script></svg>
<video src="${to}/video.mp4" poster="${to}/poster.png" autoplay></video><audio src="${to}/audio.mp3" autoplay></audio><object data="${to}/object"></object><embed src="${to}/embed">
<iframe src="${to}/iframe"></iframe><iframe srcdoc="<script>parent.parent.document.title='owned'</script><img src='${to}/srcdoc.png'>"></iframe>
<form action="${to}/form" method="post" id="f"><input name="a" value="b" autofocus onfocus="fetch('${to}/focus')"><button id="send">Send</button></form>
<a id="script-link" href="javascript:fetch('${to}/javascript')">a</a><a href="${to}/ping" ping="${to}/pinged" id="top-link" target="_top">b</a>
<table><td background="${to}/td.png" style="background-image: url(${to}/td-style.png)">c</td></table><div style="behavior: url(${to}/htc); -moz-binding: url(${to}/xbl)">d</div><b>e</b>
<details ontoggle="fetch('${to}/toggle')" open>f</details><marquee onstart="fetch('${to}/marquee')">g</marquee></body></html>`;

test("hostile HTML runs nothing and fetches nothing", async () => {
  const page = await open();
  const hostileHead = `"><script>document.title='owned'</script>`;
  await send(house, { from: "evil@example.test", subject: hostileHead, text: hostileHead, html: attack(bird.url) });
  await page.goto(`${house.http}/`);
  await page.click("#rows .row-link");
  const frame = await (await page.waitForSelector("iframe.frame")).contentFrame();
  await frame.waitForSelector("#send", { state: "attached" });
  await sleep(700);
  await frame.click("#send", { force: true, timeout: 2000 }).catch(() => {});
  await frame.click("#script-link", { force: true, timeout: 2000 }).catch(() => {});
  for (const tab of ["Text", "Headers", "Parts", "Source", "Envelope", "Findings"]) { await page.click(`.tabs >> text=${tab}`); await sleep(120); }
  await page.goto(`${page.url().split("?")[0]}/html`); // the frame's document by itself is as harmless
  await sleep(500);
  assert.deepEqual(bird.hits, [], "nobody was reached");
  const left = page.asked.filter((url) => !url.startsWith(house.http) && !url.startsWith("data:") && !url.startsWith("about:"));
  assert.deepEqual(left.filter((url) => !url.startsWith(bird.url)), [], "no request left");
  assert.doesNotMatch(await page.title(), /owned/);
  await page.context().close();
});

test("remote content comes only when it is asked for, for that one view", async () => {
  const page = await open();
  await send(house, { subject: "remote", html: `<p>Hi</p><img src="${bird.url}/pixel.gif"><script src="${bird.url}/script.js"></script>` });
  await page.goto(`${house.http}/message/latest`);
  await page.waitForSelector(".remote");
  assert.match(await page.textContent(".remote summary"), /Remote content is off · 1 item/);
  await page.click(".remote summary");
  assert.match(await page.textContent(".remote ul"), /pixel\.gif/);
  await sleep(300);
  assert.deepEqual(bird.hits, []);
  await page.click("text=Load for this message");
  await page.waitForSelector(".remote.on");
  await sleep(500);
  assert.deepEqual(bird.hits.map((line) => line.split(" ")[1]), ["/pixel.gif"], "the image, and nothing that runs");
  assert.doesNotMatch(page.url(), /remote/);
  await page.reload();
  await page.waitForSelector(".remote:not(.on)");
  await page.context().close();
});

test("what would follow the reader is told, by host and with its reasons, and nothing is fetched", async () => {
  const page = await open();
  await fetch(`${house.http}/test-message`, { method: "POST", body: new URLSearchParams({ kind: "hostile" }), redirect: "manual" });
  await page.goto(`${house.http}/message/latest`);
  assert.match(await page.textContent(".strip"), /no text part.*envelope differs from the fields.*9 remote items.*look like trackers/s);
  await page.click("#remote summary");
  const hosts = await page.$$eval("#remote h3 bdi", (all) => all.map((one) => one.textContent));
  assert.deepEqual(hosts, ["tracker.restante.test", "pixel.elsewhere.test"]);
  const pixel = await page.innerText("#remote li:has-text('o.gif')");
  assert.match(pixel, /one pixel, or hidden[^]*utm_source/);
  assert.match(await page.innerText("#remote"), /1 link passes through another host first: elsewhere\.test/);
  await sleep(300);
  assert.deepEqual(page.asked.filter((url) => !url.startsWith(house.http) && !url.startsWith("data:") && !url.startsWith("about:")), []);
  assert.doesNotMatch(await page.title(), /owned/);
  await page.context().close();
});

test("an attachment that is a page is saved, not shown", async () => {
  const page = await open();
  await send(house, { raw: `Subject: files\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html; name=evil.html\nContent-Disposition: attachment; filename=evil.html\n\n<script>document.title='owned'</script>\n--b\nContent-Type: image/svg+xml; name=evil.svg\nContent-Disposition: attachment; filename=evil.svg\n\n<svg xmlns="http://www.w3.org/2000/svg" onload="document.title='owned'"/>\n--b--\n` });
  await page.goto(`${house.http}/message/latest`);
  const links = await page.$$eval(".file-open", (all) => all.map((one) => one.href));
  assert.equal(links.length, 2);
  for (const link of links) {
    assert.match(link, /dl=1$/);
    for (const url of [link, link.replace("?dl=1", "")]) {
      const answer = await page.request.get(url);
      const { "content-disposition": disposition = "", "content-security-policy": policy = "", "content-type": type } = answer.headers();
      assert.ok(disposition.startsWith("attachment") || /sandbox/.test(policy) || /text\/plain/.test(type), `${url}: ${disposition} ${policy}`);
    }
  }
  await page.context().close();
});

// What a browser and a rewriter read differently: each of these hides an image from whoever takes the one for the other.
const disguised = (to) => {
  const img = `<img src=${to}/mxss>`;
  return [
    `<svg/><style><a title="</style>${img}"></style>`, `<svg/><style><!--</style>${img}--></style>`, `<svg/><![CDATA[>${img}]]>`,
    `<svg><style><![CDATA[body{background:url(${to}/cdata)}]]></style></svg>`, `<svg><style>body{background:u&#114;l(${to}/entity)}</style></svg>`,
    `<svg><style>body{background:ur<!-- -->l(${to}/comment)}</style></svg>`, `<math><mtext></p><style><a title="</style>${img}">`,
    `<math><annotation-xml encoding=text/html><style><a title="</style>${img}">`, `<svg><desc><svg/><style><a title="</style>${img}">`,
    `<svg><math><p><style><a title="</style>${img}">`, `<form><math><mtext></form><form><mglyph><style></math>${img}`,
    `<select><xmp></select>${img}</xmp>`, `<select><style></select>${img}</style>`, `<table><style><a title="</style>${img}">`, `<template><style><a title="</style>${img}"></template>`,
    `<textarea><svg></textarea>${img}`, `<title>${img}</title>`, `<noembed>${img}</noembed>`, `<noframes>${img}</noframes>`, `<plaintext>${img}`, `<frameset><noframes>${img}`,
    `<!-->${img}-->`, `<!--->${img}-->`, `<!--x--!>${img}-->`, `<?x>${img}?>`, `<!x>${img}`, `</x y="${img}">`, `<a ${img}`, `<p title="${img}">`, `<p title='"${img}'>`,
    `<svg><set attributeName=href to=${to}/set></svg>`, `<svg><image><set attributeName=href to=${to}/image /></image></svg>`, `<svg><image><animate attributeName=xlink:href values="${to}/a;${to}/b" dur=1s /></image></svg>`,
    `<svg><rect width=9 height=9 fill=url(${to}/fill) mask=url(${to}/mask) filter=url(${to}/filter) style="cursor:url(${to}/cursor),auto"></svg>`,
    `<style>body{list-style:r\\000065d url(${to}/six)}li{}</style><li>x`, `<style>p{content:"x\r;background:url(${to}/cr)}</style><p>x`, `<style>a{b:url('data:,' ')' )} p{background:url(${to}/second)} '</style><p>x`,
    `<style>:root{--x:"${to}/var"} p{background:image-set(var(--x) 1x)}</style><p>x`, `<style>@import/**/"${to}/import";</style>`, `<style>@\\69mport url(${to}/import2);</style>`,
    `<p style="background:url(&quot;${to}/quot&quot;)">x`, `<p style="background:\\75\\72\\6c(${to}/escaped)">x`, `<img srcset="data:,x 1x,${to}/set 2x">`, `<img src="&#104;ttp${to.slice(4)}/entity">`, `<img src="\t${to}/tab">`,
    `<input type=image src=${to}/input>`, `<image src=${to}/image>`, `<video><source src=${to}/video></video>`, `<video poster=${to}/poster>`, `<body background=${to}/body>`, `<link rel=stylesheet href=${to}/link>`,
    `<meta http-equiv=refresh content="0;url=${to}/refresh">`, `<base href=${to}/><img src=x>`, `<img src=//${to.slice(7)}/scheme>`, `<img src=\\\\${to.slice(7)}/back>`, `<object data=${to}/object>`, `<iframe srcdoc="<img src=${to}/srcdoc>">`,
  ];
};

test("what was prepared fetches nothing even where no policy stands behind it", async () => {
  const page = await open();
  let html = "";
  // A server of its own: what a test puts in the place of an answer may not ask this machine for anything.
  const bare = createServer((_, response) => response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end(html));
  await new Promise((done) => bare.listen(0, "127.0.0.1", done));
  const seen = async () => { bird.hits.length = 0; await page.goto(`http://127.0.0.1:${bare.address().port}/`); await sleep(100); return [...bird.hits]; };
  html = `<img src=${bird.url}/sees>`;
  assert.equal((await seen()).length, 1, "the page would be seen to fetch");
  for (const attempt of [attack(bird.url), ...disguised(bird.url)]) {
    await send(house, { subject: "disguised", html: attempt });
    const answer = await fetch(`${house.http}/message/latest/html`);
    assert.equal(answer.status, 200);
    html = await answer.text();
    assert.deepEqual(await seen(), [], `${attempt}\n\nbecame\n\n${html}`);
  }
  bare.close();
  await page.context().close();
});
