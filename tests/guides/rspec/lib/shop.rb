require "mail"

# The application: it knows its mail server from its environment.
class Shop
  def sign_up(address)
    send_mail(address, "Welcome to the shop", <<~TEXT)
      Welcome!

      Your code is 481 516.
      Confirm here: https://shop.test/confirm?token=4f7k9q2m1b6n
    TEXT
  end

  def reset_password(address)
    send_mail(address, "Reset your password", "Follow https://shop.test/reset?token=8h2j5n1c7x4v\n")
  end

  private

  def send_mail(address, subject, text)
    mail = Mail.new(from: "Shop <hello@shop.test>", to: address, subject: subject, body: text)
    mail.delivery_method :smtp,
                         address: ENV.fetch("SMTP_HOST", "localhost"), port: ENV.fetch("SMTP_PORT", "2525").to_i,
                         user_name: ENV["SMTP_USER"], password: ENV["SMTP_PASSWORD"]
    mail.deliver!
  end
end
