// Turns every page below pages/ into HTML in dist/, with a table of contents.
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import CleanCSS from "clean-css";
import { marked } from "marked";

const template = await readFile("pages/template.html", "utf8");
const render = (title, body) => template.replaceAll("{title}", title).replace("{body}", body);

await mkdir("dist/birds", { recursive: true });
const contents = [];
for (const file of (await readdir("pages/birds")).sort()) {
  const text = await readFile(join("pages/birds", file), "utf8");
  const title = text.match(/^# (.*)$/m)[1];
  const page = `${basename(file, ".md")}.html`;
  contents.push(`- [${title}](birds/${page})`);
  await writeFile(join("dist/birds", page), render(title, await marked.parse(text)));
}
const index = await marked.parse(`# Field guide\n\n${contents.join("\n")}\n`);
await writeFile("dist/index.html", render("Field guide", index));
const { styles } = new CleanCSS().minify(await readFile("assets/style.css", "utf8"));
await writeFile("dist/style.css", styles);
await cp("assets/robots.txt", "dist/robots.txt");
