using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MLBuild.Sources.Tests.Http;

/// <summary>An authority that nobody knows, and certificates of it for this machine.</summary>
internal sealed class TestCertificates : IDisposable
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";

    private static readonly DateTimeOffset LongAgo = new(2001, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset FarOff = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("mlbuild-tls-").FullName;
    private readonly X509Certificate2 _authority;

    public TestCertificates()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test Authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _authority = request.CreateSelfSigned(LongAgo, FarOff);
        AuthorityFile = Save("authority.pem", _authority);
    }

    /// <summary>The authority's certificate, as a PEM file.</summary>
    public string AuthorityFile { get; }

    public X509Certificate2 Good => Issue(LongAgo, FarOff, "localhost");

    public X509Certificate2 Expired => Issue(LongAgo, new(2019, 6, 30, 12, 0, 0, TimeSpan.Zero), "localhost");

    public X509Certificate2 OfAnother => Issue(LongAgo, FarOff, "api.example", "www.api.example");

    public X509Certificate2 SelfSigned
    {
        get
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using var made = Request(key, "localhost").CreateSelfSigned(LongAgo, FarOff);
            return Loaded(made);
        }
    }

    public string Save(string name, X509Certificate2 certificate)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file, certificate.ExportCertificatePem());
        return file;
    }

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private X509Certificate2 Issue(DateTimeOffset from, DateTimeOffset to, params string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var serial = RandomNumberGenerator.GetBytes(8);
        using var made = Request(key, names).Create(_authority, from, to, serial);
        using var withKey = made.CopyWithPrivateKey(key);
        return Loaded(withKey);
    }

    private static CertificateRequest Request(ECDsa key, params string[] names)
    {
        var request = new CertificateRequest($"CN={names[0]}", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
            alternatives.AddDnsName(name);
        if (names[0] == "localhost")
            alternatives.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new(ServerUse)], false));
        return request;
    }

    // A key that was only made in memory cannot serve on every system.
    private static X509Certificate2 Loaded(X509Certificate2 made) =>
        X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), password: null);
}
