#pragma once

#include <json/json.h>

#include <string>
#include <vector>

struct Shape {
    std::string name;
    double south, west, north, east;
};

/** The extents of the shapes of a collection, sorted by name. */
std::vector<Shape> shapes(const Json::Value &collection);
