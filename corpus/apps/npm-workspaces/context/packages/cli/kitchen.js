#!/usr/bin/env node
import { convert } from "@kitchen/units";
import { program } from "commander";
import inquirer from "inquirer";

program.argument("[amount]").option("--from <measure>", "measure", "cup").option("--to <measure>", "measure", "teaspoon");
program.action(async (amount, { from, to }) => {
  const answers = amount ? { amount } : await inquirer.prompt([{ name: "amount", message: "How much?" }]);
  console.log(`${answers.amount} ${from} = ${convert(answers.amount, from, to)} ${to}`);
});
await program.parseAsync();
