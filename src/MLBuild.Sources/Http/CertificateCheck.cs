using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MLBuild.Sources.Http;

/// <summary>Decides whether a server's certificate is trusted, and says in words why not.</summary>
internal sealed class CertificateCheck
{
    private readonly string? _trustedFile;
    private readonly X509Certificate2Collection _trusted = [];

    /// <param name="trustedFile">A PEM file of certificates to trust beside those of the machine, or null.</param>
    /// <exception cref="ArgumentException">There is none in it, or one that cannot be read.</exception>
    public CertificateCheck(string? trustedFile)
    {
        _trustedFile = trustedFile;
        if (trustedFile is null)
            return;
        try
        {
            _trusted.ImportFromPemFile(trustedFile);
        }
        catch (CryptographicException e)
        {
            throw new ArgumentException($"TrustedCertificates '{trustedFile}' holds a certificate that cannot be " +
                $"read ({e.Message.TrimEnd('.')}). Export it anew as PEM.", e);
        }
        if (_trusted.Count == 0)
            throw new ArgumentException($"TrustedCertificates '{trustedFile}' holds no certificate, expected some " +
                "that begin with -----BEGIN CERTIFICATE-----.");
    }

    /// <summary>Why the last certificate was refused, with what to do; null if none was.</summary>
    public string? Refusal { get; private set; }

    public bool Accepts(object sender, X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors)
    {
        Refusal = null;
        if (errors == SslPolicyErrors.None)
            return true;
        if (shown is not X509Certificate2 certificate || chain is null)
        {
            Refusal = "it shows no certificate: ask its owner to set one up";
            return false;
        }
        var faults = new List<string>();
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            faults.Add($"it is for {Names(certificate)}, not for '{(sender as SslStream)?.TargetHostName}': use a " +
                "name that it is for in Url");
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
            faults.AddRange(ChainFaults(certificate, chain));
        if (faults.Count == 0)
            return true;
        Refusal = string.Join("; and ", faults);
        return false;
    }

    private IEnumerable<string> ChainFaults(X509Certificate2 certificate, X509Chain chain)
    {
        if (_trustedFile is null)
            return Faults(certificate, chain);
        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(_trusted);
        foreach (var element in chain.ChainElements)
            own.ChainPolicy.ExtraStore.Add(element.Certificate);
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return own.Build(certificate) ? [] : [.. Faults(certificate, own)];
    }

    private IEnumerable<string> Faults(X509Certificate2 certificate, X509Chain chain)
    {
        foreach (var element in chain.ChainElements.Where(element => Has(element, X509ChainStatusFlags.NotTimeValid)))
        {
            var one = element.Certificate;
            var which = one.Thumbprint == certificate.Thumbprint ? "it" : $"its issuer '{NameOf(one)}'";
            yield return one.NotAfter < chain.ChainPolicy.VerificationTime
                ? $"{which} expired on {Day(one.NotAfter)}: ask the server's owner to renew it"
                : $"{which} is not valid before {Day(one.NotBefore)}: set this machine's clock, or ask the server's " +
                    "owner for the right one";
        }
        var status = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        if ((status & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0)
        {
            var where = _trustedFile is null ? "this machine does" : $"this machine and '{_trustedFile}' do";
            yield return certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData)
                ? $"it is signed by itself, and {where} not know it: if you know it, save it as a PEM file and name " +
                    "that in TrustedCertificates"
                : $"it is signed by '{IssuerOf(chain.ChainElements[^1].Certificate)}', which {where} not trust: if " +
                    "you do, save that authority's certificate as a PEM file and name it in TrustedCertificates";
        }
        var others = status & ~(X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain
            | X509ChainStatusFlags.NotTimeValid | X509ChainStatusFlags.RevocationStatusUnknown
            | X509ChainStatusFlags.OfflineRevocation);
        if (others != 0)
            yield return $"it is not acceptable ({others}): ask the server's owner";
    }

    private static bool Has(X509ChainElement element, X509ChainStatusFlags flag) =>
        element.ChainElementStatus.Any(status => status.Status.HasFlag(flag));

    private static string Names(X509Certificate2 certificate)
    {
        var alternatives = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        string[] names = alternatives is null ? [NameOf(certificate)] :
        [
            .. alternatives.EnumerateDnsNames(),
            .. alternatives.EnumerateIPAddresses().Select(address => address.ToString()),
        ];
        return string.Join(", ", names.Select(name => $"'{name}'"));
    }

    private static string NameOf(X509Certificate2 certificate) =>
        certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);

    private static string IssuerOf(X509Certificate2 certificate) =>
        certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: true);

    private static string Day(DateTime local) =>
        local.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
