#include "shape.hpp"

#include <fstream>
#include <iomanip>
#include <iostream>

int main(int count, char **arguments) {
    if (count != 2) {
        std::cerr << "usage: extent FILE\n";
        return 2;
    }
    std::ifstream file(arguments[1]);
    Json::CharReaderBuilder reader;
    Json::Value collection;
    std::string errors;
    if (!file || !Json::parseFromStream(reader, file, &collection, &errors)) {
        std::cerr << arguments[1] << ": " << (errors.empty() ? "cannot be read\n" : errors);
        return 1;
    }
    std::cout << std::fixed << std::setprecision(3);
    for (const auto &shape : shapes(collection))
        std::cout << shape.name << ' ' << shape.south << ' ' << shape.west << ' ' << shape.north << ' ' << shape.east
                  << '\n';
    return 0;
}
