FROM php:8.2-apache
RUN a2enmod rewrite headers
COPY apache/site.conf /etc/apache2/sites-available/000-default.conf
COPY --chown=www-data:www-data site/ /var/www/html/
EXPOSE 80
