"""Addresses for the tests of the fetcher: what must never be reached, what may be, and odd ways to spell both."""

from __future__ import annotations

PRIVATE_V4 = """
0.0.0.0 0.1.2.3 0.255.255.255 10.0.0.0 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.255
127.0.0.1 127.0.0.53 127.1.2.3 127.255.255.255 168.63.129.16 169.254.0.1 169.254.169.254 169.254.170.2
169.254.169.123 172.16.0.1 172.20.10.2 172.31.255.255 192.0.0.1 192.0.0.170 192.0.0.192 192.0.2.1 192.31.196.1
192.52.193.1 192.88.99.1 192.168.0.1 192.168.1.254 192.168.255.255 192.175.48.6 198.18.0.1 198.19.255.255
198.51.100.7 203.0.113.9 224.0.0.1 224.0.0.251 239.255.255.250 240.0.0.1 254.1.1.1 255.255.255.255
""".split()

PRIVATE_V6 = """
:: ::1 ::7f00:1 ::127.0.0.1 ::8.8.8.8 ::ffff:0:127.0.0.1 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:10.0.0.1
::ffff:169.254.169.254 ::ffff:192.168.1.1 ::ffff:0.0.0.0 ::ffff:100.64.0.1 64:ff9b::127.0.0.1 64:ff9b::10.0.0.1
64:ff9b::169.254.169.254 64:ff9b::c0a8:101 64:ff9b:1::1 64:ff9b:1::8.8.8.8 100::1 100:0:0:1::1 2001::1
2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1:: 2002:a00:1::1
2002:a9fe:a9fe:: 2002:808:808::1 2620:4f:8000::1 3fff::1 4000::1 5f00::1 8000::1 fc00::1 fd00:ec2::254
fd12:3456:789a::1 fe80::1 fe80::a9fe:a9fe febf::1 fec0::1 ff02::1 ff05::2 ff0e::1 2a00:1450:0:1:0:5efe:10.0.0.1
2a00:1450:0:1:200:5efe:192.168.0.1 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
""".split()

PRIVATE = PRIVATE_V4 + PRIVATE_V6

PUBLIC = """
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.1 93.184.216.34 100.63.255.255 100.128.0.1 126.255.255.255 128.0.0.1
168.63.129.15 169.253.255.255 169.255.0.1 172.15.255.255 172.32.0.1 192.0.1.1 192.167.255.255 192.169.0.1
198.17.255.255 198.20.0.1 223.255.255.255 2606:4700:4700::1111 2a00:1450:4001:80b::200e 2001:4860:4860::8888
2400:cb00::1 ::ffff:8.8.8.8 64:ff9b::8.8.8.8
""".split()

# Hosts that some parser, resolver or browser reads as a private address. Each is refused before any connection.
SPELLINGS = """
127.1 127.0.1 10.1 0 0x0 00 127 2130706433 017700000001 0x7f000001 0x7f.1 0x7f.0.0.1 0X7F.0.0.1 0177.0.0.1 0177.1
0127.0.0.1 127.0.0.01 127.0.0.0x1 2852039166 0xa9fea9fe 0xA9.0xFE.0xA9.0xFE 0251.0376.0251.0376 169.254.43518
169.16689662 4294967295 4294967296 0x100000000 256.256.256.256 127.0.0.1.1 1.2.3 999.1 3232235777 127.0.0.1.
0x7f000001. 127.0.0.1.. .127.0.0.1 １２７.０.０.１ 127。0。0。1 １２７｡０｡０｡１ ①②⑦.⓪.⓪.①
𝟏𝟐𝟕.𝟎.𝟎.𝟏 ２１３０７０６４３３ ０ｘ７ｆ.１
127.0.0.1%00 127.0.0.1%2e 127%2e0%2e0%2e1 %31%32%37.0.0.1 %6c%6f%63alhost 127.0.0.1%0d%0a
[::1] [::] [0:0:0:0:0:0:0:1] [0000::0001] [::ffff:127.0.0.1] [::ffff:7f00:1] [::FFFF:A00:1] [::127.0.0.1]
[::ffff:169.254.169.254] [64:ff9b::7f00:1] [fe80::1%25eth0] [fe80::1%eth0] [::1%25lo] [::1%lo] [::1%251] [fd00::1]
[::1]. [::1]x [[::1]] [::1 ::1] [v1.x] [] [127.0.0.1] [localhost] [::ffff:0x7f.1] [::ffff:127.1]
localhost LOCALHOST localhost. ⓛⓞⓒⓐⓛⓗⓞⓢⓣ ｌocalhost loca­lhost metadata.google.internal 127.0.0.1.nip.example
public.example@127.0.0.1 127.0.0.1@public.example public.example:80@127.0.0.1 user:word@127.0.0.1 @127.0.0.1
public.example:80:80 public.example:22 public.example:25 public.example:6379 public.example:0 public.example:65536
public.example:-1 public.example:８０ public.example:1e3 127.0.0.1:80 127.0.0.1:11211 [::1]:80 [::1]:6379
public.example\\@127.0.0.1 127.0.0.1\\@public.example 127.0.0.1\\.public.example 127.0.0.1:80\\ ..public.example
public..example .public.example public.example.. - xn--a.example\\ a|b a<b a,b a;b a&b a!b ℡.127.0.0.1 a℀b
""".split()

# Where a redirect may point besides another host.
TARGETS = """
file:///etc/passwd file://localhost/etc/passwd file://127.0.0.1/x FILE:///etc/passwd gopher://127.0.0.1:6379/_INFO
dict://127.0.0.1:11211/stat ftp://127.0.0.1/x ftps://10.0.0.1/ sftp://10.0.0.1/ ldap://127.0.0.1/ tftp://10.0.0.1/x
data:text/html,<p>x javascript:alert(1) jar:http://127.0.0.1!/ netdoc:///etc/passwd ws://127.0.0.1/ wss://127.0.0.1/
view-source:http://127.0.0.1/ blob:http://127.0.0.1/1 about:blank mailto:a@b.example unix:///var/run/docker.sock
http+unix://%2Fvar%2Frun%2Fdocker.sock/x smb://10.0.0.1/c urn:x //127.0.0.1/ //localhost/ //[::1]/ //10.0.0.1:8080/x
http:// http:/// https:// http://:80/ http://?x http://#x ///127.0.0.1/ http:///127.0.0.1/ http://[ http://]/
http://127.0.0.1 http://127.0.0.1?x http://127.0.0.1#x http://127.0.0.1:80 HTTP://127.0.0.1/ hTtP://[::1]/
http://169.254.169.254/latest/meta-data/iam/security-credentials/ http://metadata.google.internal/computeMetadata/v1/
http://100.100.100.200/latest/meta-data/ http://192.0.0.192/opc/v2/instance/ http://[fd00:ec2::254]/latest/
http://168.63.129.16/machine?comp=goalstate http://169.254.170.2/v2/credentials http://0/ http://2130706433/
""".split()
