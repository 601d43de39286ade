require "erb"
require "socket"

require_relative "lib/canteen/menu"

MENU = Canteen::Menu.load(File.join(__dir__, "menu.json"))
PAGE = ERB.new(File.read(File.join(__dir__, "views", "day.erb")), trim_mode: "-")

def page(path)
  day = path.to_s.delete_prefix("/")
  return ["404 Not Found", "no such day\n"] unless MENU.day?(day)

  ["200 OK", PAGE.result_with_hash(day: day, menu: MENU)]
end

def answer(client)
  _, path = client.gets.to_s.split
  nil until client.gets.to_s.chomp.empty?
  status, body = page(path)
  client.write("HTTP/1.0 #{status}\r\nContent-Type: text/html\r\nContent-Length: #{body.bytesize}\r\n\r\n#{body}")
ensure
  client.close
end

trap("TERM") { exit }
server = TCPServer.new(4567)
loop { Thread.new(server.accept) { |client| answer(client) } }
