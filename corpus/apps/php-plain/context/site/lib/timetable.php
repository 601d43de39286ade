<?php

declare(strict_types=1);

final class Departure
{
    public function __construct(
        public readonly string $time,
        public readonly string $line,
        public readonly string $to,
    ) {
    }
}

/** The departures of a file, by stop. */
final class Timetable
{
    /** @var array<string, list<Departure>> */
    private array $stops = [];

    public function __construct(string $path)
    {
        $file = fopen($path, 'r');
        while ([$stop, $time, $line, $to] = fgetcsv($file) ?: null) {
            $this->stops[$stop][] = new Departure($time, $line, $to);
        }
        fclose($file);
    }

    /** @return list<Departure> */
    public function from(string $stop): array
    {
        $found = $this->stops[$stop] ?? [];
        usort($found, fn (Departure $one, Departure $two) => strcmp($one->time, $two->time));
        return $found;
    }
}
