"""Words that stand where a speaker could, and are nobody."""

from __future__ import annotations

_CAPITALS = """
ACL AI ALB ALL AM AND API APP ARN ASG AWS BGP BST BUT CAN CDN CEST CET CI CLI CMD CPU CRIT CRUD CSS CSV DB DC
DDOS DEV DID DISK DNS DOM DONE DOS DOWN DR EBS ECR ECS EKS ELB EOD ES EST ETA EU FAQ FIX FTP FYI GB GC GET GIT
GKE GMT GPU HA HELM HTML HTTP IAM ID IF IMO INFO IO IP IRC IT ITS JSON JVM KB KPI LB LDAP LGTM LTS MB MFA ML
MQ MTTR NAS NAT NB NEW NFS NGINX NO NOC NODE NOT NOTE NOW NTP OK ON OOM OPS OS PDF PDT PHP PID PM POD POST PR
PROD PS PST PUT QA QPS RAID RAM RDS REST RPC RPO RTO S SAML SDK SEV SLA SLI SLO SMS SMTP SNS SO SQL SQS SRE
SSD SSH SSL SSO SVG TCP TEST THE TLDR TLS TTL TV UDP UI UK UP URL US USA USB UTC UTF UX VIP VM VPC VPN
WAF WARN WE WIP WTF XML XSS YAML YES
"""
_LABELS = """
action actions alert alerts also answer cause context deploy deployed down edit end ended error fix fixed from
fwd http https impact incident info link links nb note ps question re reason recovery resolved result root see
start started status summary time tldr to todo up update warning
"""
# Capitals that stand at the beginning of a line and are nobody's initials.
NOT_INITIALS = frozenset(_CAPITALS.split())
LABELS = frozenset(_LABELS.split())
