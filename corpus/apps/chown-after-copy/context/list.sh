#!/bin/sh
ls -1 books | wc -l
