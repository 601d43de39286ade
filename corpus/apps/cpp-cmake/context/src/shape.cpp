#include "shape.hpp"

#include <algorithm>
#include <limits>

namespace {

void widen(Shape &shape, const Json::Value &coordinates) {
    if (coordinates.size() && coordinates[0].isNumeric()) {
        shape.west = std::min(shape.west, coordinates[0].asDouble());
        shape.east = std::max(shape.east, coordinates[0].asDouble());
        shape.south = std::min(shape.south, coordinates[1].asDouble());
        shape.north = std::max(shape.north, coordinates[1].asDouble());
        return;
    }
    for (const auto &one : coordinates)
        widen(shape, one);
}

} // namespace

std::vector<Shape> shapes(const Json::Value &collection) {
    constexpr double far = std::numeric_limits<double>::infinity();
    std::vector<Shape> found;
    for (const auto &feature : collection["features"]) {
        Shape shape{feature["properties"]["name"].asString(), far, far, -far, -far};
        widen(shape, feature["geometry"]["coordinates"]);
        found.push_back(shape);
    }
    std::sort(found.begin(), found.end(), [](const Shape &one, const Shape &two) { return one.name < two.name; });
    return found;
}
